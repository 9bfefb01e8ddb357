import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { openConsole, type SyncConsoleOptions } from './console.ts'
import { detailApi } from './detail-api.ts'
import { freezeApi } from './freeze-api.ts'
import { syncPages } from './pages/sync-pages.ts'
import { runActApi } from './run-act-api.ts'
import { runApi } from './run-api.ts'
import { taskApi } from './task-api.ts'
import { undoApi } from './undo-api.ts'

/** The synchronization of a tenant: its tasks, what their runs do and why, and the acts on them; as pages and as API. */
export const syncConsole: FastifyPluginAsyncZod<SyncConsoleOptions> = async (app, options) => {
  const console = openConsole(options)
  await app.register(taskApi, console)
  await app.register(runApi, console)
  await app.register(detailApi, console)
  await app.register(runActApi, console)
  await app.register(undoApi, console)
  await app.register(freezeApi, console)
  await app.register(syncPages, console)
}
