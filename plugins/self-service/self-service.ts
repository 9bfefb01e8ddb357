import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { accountRoutes } from './account-routes.ts'
import { finishRoutes } from './finish-routes.ts'
import { meApi } from './me-api.ts'
import { passwordRoutes } from './password-routes.ts'
import { recoverRoutes } from './recover-routes.ts'
import type { SelfServiceOptions } from './self-service-options.ts'

/** What people do with their own account: look at it, change the password, recover it when they forgot. */
export const selfService: FastifyPluginAsyncZod<SelfServiceOptions> = async (app, options) => {
  await app.register(accountRoutes, options)
  await app.register(passwordRoutes, options)
  await app.register(recoverRoutes, options)
  await app.register(finishRoutes, options)
  await app.register(meApi, options)
}
