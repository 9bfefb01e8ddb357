import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import { openFrame, type FrameOptions } from '../../src/app.ts'
import type { brandingSchema } from '../../src/config/branding/branding-schema.ts'
import { tenantSchema, type TenantConfig } from '../../src/config/tenant-schema.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'

/** A tenant whose directory is never asked: what is tested is the frame around the products. */
export function makeTenant(settings: {
  issuer: string
  name?: string
  hosts?: string[]
  locale?: 'fr' | 'en'
  displayName?: string
  branding?: z.input<typeof brandingSchema>
}): Tenant {
  const config: TenantConfig = tenantSchema.parse({
    name: 'acme',
    displayName: 'Acme Industries',
    directories: [{ name: 'people', urls: ['ldap://127.0.0.1:1'], bind: { sasl: 'EXTERNAL' } }],
    uses: { signIn: [{ directory: 'people', base: 'dc=acme,dc=example' }] },
    whitePages: { access: 'public' },
    ...settings,
  })
  const uses = { signIn: [], whitePages: [], desk: [], groups: [] }
  return { name: config.name, issuer: config.issuer, config, directories: new Map(), uses }
}

export type TestFrame = { app: FastifyInstance; lines: string[] }

/** The frame with routes of the test's own. `lines` is what it logged; `prepare` registers plugins before the routes. */
export async function openTestFrame(
  tenants: readonly Tenant[],
  register: (app: Awaited<ReturnType<typeof openFrame>>) => void,
  options: Partial<FrameOptions> = {},
  prepare: (app: Awaited<ReturnType<typeof openFrame>>) => Promise<unknown> = async () => {},
): Promise<TestFrame> {
  const lines: string[] = []
  const app = await openFrame({
    config: {
      server: { host: '127.0.0.1', port: 0, trustedProxyHops: 0, logLevel: 'info' },
      keys: ['k'.repeat(43)],
    },
    tenants,
    sessionCookie: () => 'session',
    viewer: async () => ({ displayName: null, sections: [] }),
    logStream: { write: (line) => void lines.push(line) },
    ...options,
  })
  await prepare(app)
  register(app)
  await app.ready()
  return { app, lines }
}
