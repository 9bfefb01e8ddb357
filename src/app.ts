import cookie from '@fastify/cookie'
import fastify, { type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { errors } from '../plugins/errors.ts'
import { inputLimits, serverLimits } from '../plugins/input-limits.ts'
import { loggingOptions, requestLog, type LoggingOptions } from '../plugins/logging.ts'
import { pages } from '../plugins/pages.ts'
import { security } from '../plugins/security.ts'
import { tenantHost } from '../plugins/tenant-host.ts'
import { assets } from '../plugins/web/assets.ts'
import type { Viewer } from '../plugins/web/layout.ts'
import type { Config } from './config/schema.ts'
import { tenantByHost } from './tenants/tenant-hosts.ts'
import type { Tenant } from './tenants/tenant.ts'

export type FrameOptions = {
  config: Pick<Config, 'server' | 'keys'>
  tenants: readonly Tenant[]
  demo?: boolean
  logStream?: LoggingOptions['stream']
  sessionCookie: (issuer: string) => string
  viewer: (request: FastifyRequest) => Promise<Viewer>
}

/** What every request passes, in this order; products are registered on it. */
export async function openFrame(options: FrameOptions) {
  const { config, tenants, demo = false, logStream, sessionCookie, viewer } = options
  const match = tenantByHost(tenants)
  const app = fastify({
    ...serverLimits,
    ...loggingOptions({
      level: config.server.logLevel,
      tenantOf: (host) => nameOf(match(host)),
      isBehindProxy: config.server.trustedProxyHops > 0,
      ...(logStream === undefined ? {} : { stream: logStream }),
    }),
    // As a function: Fastify takes a number of hops for none at all. Exactly these are believed; what a client wrote itself is beyond.
    trustProxy: (_address, hop) => hop < config.server.trustedProxyHops,
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)

  const isHttps = tenants.every((tenant) => tenant.issuer.startsWith('https:'))
  await app.register(requestLog)
  await app.register(cookie, { secret: config.keys })
  await app.register(security, { isHttps, sessionCookie })
  await app.register(tenantHost, { tenants })
  await app.register(inputLimits)
  await app.register(assets)
  await app.register(pages, { demo })
  await app.register(errors, { viewer })
  return app
}

function nameOf(match: ReturnType<ReturnType<typeof tenantByHost<Tenant>>>): string | undefined {
  return match.kind === 'unknown' ? undefined : match.tenant.name
}
