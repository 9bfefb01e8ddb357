import { z } from 'zod'
import { tenantSchema } from './tenant-schema.ts'

const server = z.strictObject({
  host: z.string().default('0.0.0.0'),
  port: z.int().min(0).max(65_535).default(8080),
  /** How many proxies in front of us append to X-Forwarded-For; addresses beyond are not believed. */
  trustedProxyHops: z.int().min(0).max(10).default(0),
  /** Port of /metrics; the main port when absent. */
  metricsPort: z.int().min(0).max(65_535).optional(),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

const ephemeral = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('redis'), url: z.url({ protocol: /^(redis|rediss|unix)$/ }) }),
  z.strictObject({ kind: z.literal('postgres') }),
  z.strictObject({ kind: z.literal('memory') }),
])

const mail = z.strictObject({
  /** SMTP server, e.g. smtps://user:password@mail.example.org. Absent: no mail is sent and recovery is off. */
  url: z.url({ protocol: /^smtps?$/ }).optional(),
  from: z.string().default('idaas@localhost'),
})

export const configSchema = z.strictObject({
  version: z.literal(1),
  server: server.prefault({}),
  /** PostgreSQL URL. */
  database: z.url({ protocol: /^postgres(ql)?$/ }),
  ephemeral: ephemeral.default({ kind: 'postgres' }),
  /** Secret keys, newest first, each 32 bytes in hex or base64url: they sign cookies and encrypt what is kept. */
  keys: z.array(z.string().min(43)).min(1),
  mail: mail.prefault({}),
  tenants: z.array(tenantSchema).min(1),
})
export type Config = z.infer<typeof configSchema>
