import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { createStateCounts } from '../../src/accounts/state-counts.ts'
import { accountApi } from './account-api.ts'
import { actApi } from './act-api.ts'
import { actRoutes } from './act-routes.ts'
import { changeApi } from './change-api.ts'
import { createActResults } from './act-results.ts'
import { deskRoutes } from './desk-routes.ts'
import { resetApi } from './reset-api.ts'
import type { DeskServices } from './desk-services.ts'
import { reportRoutes } from './report-routes.ts'

/** Accounts: finding them, their true state, and the acts on them, as pages and as API, each as far as the agent's role goes. */
export const serviceDesk: FastifyPluginAsyncZod<DeskServices> = async (app, services) => {
  const results = createActResults(services)
  const stateCounts = createStateCounts()
  await app.register(deskRoutes, { ...services, results, stateCounts })
  await app.register(reportRoutes, { ...services, stateCounts })
  await app.register(actRoutes, { ...services, results })
  await app.register(accountApi, services)
  await app.register(actApi, services)
  await app.register(resetApi, services)
  await app.register(changeApi, services)
}
