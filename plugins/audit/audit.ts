import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { auditApi } from './audit-api.ts'
import { auditRoutes } from './audit-routes.ts'
import type { AuditServices } from './audit-services.ts'

/** The audit trail, for who may read it, as a page and as API. */
export const auditTrail: FastifyPluginAsyncZod<AuditServices> = async (app, services) => {
  await app.register(auditRoutes, services)
  await app.register(auditApi, services)
}
