import type { FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { Problem } from '../src/problems/problem.ts'
import type { Maintenance } from '../src/store/maintenance.ts'
import { isUnsafe } from './security.ts'
import type { MaintenanceWatch } from './watch-maintenance.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the request's tenant; null when there is none. */
    maintenance: Maintenance | null
  }
  interface FastifyContextConfig {
    /** Why this unsafe route goes on while the tenant is read-only: it writes nothing that the operator looks after. */
    inReadOnly?: string
  }
}

/** Seconds after which to try again where nobody has said when it ends. */
const usualWait = 300

/** Tells each request of its tenant's maintenance, and refuses what would write while the tenant is read-only. */
export const maintenance = plugin<{ watch: MaintenanceWatch; clock: () => Date }>(
  async (app, { watch, clock }) => {
    app.decorateRequest('maintenance', null)
    app.addHook('onRequest', async (request) => {
      if (request.addressed === null) return
      const { name } = request.addressed.tenant
      if (!wouldWrite(request)) {
        request.maintenance = await watch.known(name)
        return
      }
      request.maintenance = await watch.now(name)
      if (request.maintenance?.readOnly === true)
        throw new Problem('maintenance', { retryAfter: waitOf(request.maintenance, clock()) })
    })
  },
)

function wouldWrite({ method, routeOptions: { config } }: FastifyRequest): boolean {
  return isUnsafe({ method }) && config.inReadOnly === undefined
}

function waitOf({ until }: Maintenance, now: Date): number {
  const left = until === null ? 0 : Math.ceil((until.getTime() - now.getTime()) / 1_000)
  return left > 0 ? left : usualWait
}
