import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { SyncConsole } from '../console.ts'
import { detailRoutes } from './detail-routes.ts'
import { freezeRoutes } from './freeze-routes.ts'
import { runActRoutes } from './run-act-routes.ts'
import { runRoutes } from './run-routes.ts'
import { startRoutes } from './start-routes.ts'
import { taskRoutes } from './task-routes.ts'

/** `/sync` and everything below it, for people. */
export const syncPages: FastifyPluginAsyncZod<SyncConsole> = async (app, console) => {
  await app.register(taskRoutes, console)
  await app.register(startRoutes, console)
  await app.register(runRoutes, console)
  await app.register(detailRoutes, console)
  await app.register(runActRoutes, console)
  await app.register(freezeRoutes, console)
}
