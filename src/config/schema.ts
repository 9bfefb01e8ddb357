import { z } from 'zod'
import { tenantSchema } from './tenant-schema.ts'

const server = z.strictObject({
  host: z.string().default('0.0.0.0').describe('Address to listen on.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port to listen on. The environment variable `PORT` goes before it.'),
  trustedProxyHops: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe(
      'How many proxies in front append to X-Forwarded-For. Addresses beyond them are not believed; 0 takes the address of the connection.',
    ),
  metricsPort: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port of /metrics, for one that is not reachable from outside. The main port when absent.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('The least important lines that are logged.'),
})

const ephemeral = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('redis'),
      url: z
        .url({ protocol: /^(redis|rediss|unix)$/, error: 'a URL redis://, rediss:// or unix://' })
        .describe('Redis or Valkey server.')
        .meta({ writeOnly: true }),
    }),
    z.strictObject({ kind: z.literal('postgres') }),
    z.strictObject({ kind: z.literal('memory') }),
  ],
  { error: '`kind`: redis, postgres or memory' },
)

const mail = z.strictObject({
  url: z
    .url({ protocol: /^smtps?$/, error: 'a URL smtp:// or smtps://' })
    .optional()
    .describe(
      'SMTP server: smtps://user:password@mail.example.org. When absent no mail is sent and recovery is off.',
    )
    .meta({ writeOnly: true }),
  ca: z
    .string()
    .optional()
    .describe('PEM file of the authorities to trust for the mail server instead of the system’s.'),
  from: z.string().default('idaas@localhost').describe('Sender of mails of a tenant without `mailFrom`.'),
})

export const configSchema = z.strictObject({
  version: z
    .literal(1, { error: '1, the form of configuration that this release reads' })
    .describe('Form of the file: 1.'),
  server: server.prefault({}).describe('How the service listens and logs.'),
  database: z
    .url({ protocol: /^postgres(ql)?$/, error: 'a URL postgres://' })
    .describe('PostgreSQL: postgres://user:password@host:5432/name.')
    .meta({ writeOnly: true }),
  ephemeral: ephemeral
    .default({ kind: 'postgres' })
    .describe(
      'Where sessions, tokens and limits live. `memory` is lost on a restart and serves one process only.',
    ),
  keys: z
    .array(z.string({ error: 'a key of 32 random bytes in hexadecimal or base64url' }))
    .min(1)
    .describe(
      'Secret keys that sign cookies and encrypt what is kept, newest first: each 32 random bytes in hexadecimal or base64url. Older ones still verify and decrypt.',
    )
    .meta({ writeOnly: true }),
  mail: mail.prefault({}).describe('Outgoing mail.'),
  tenants: z
    .array(tenantSchema)
    .min(1)
    .describe('The customers of this installation, told apart by host name.'),
})
export type Config = z.infer<typeof configSchema>
