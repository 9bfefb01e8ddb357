import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Viewer } from '../web/layout.ts'
import { inboxRoutes } from './inbox-routes.ts'
import { sampleRoutes } from './sample-routes.ts'

export type DemoOptions = {
  services: { database: Database; ephemeral: EphemeralStore; sealer: Sealer }
  viewer: (request: FastifyRequest) => Promise<Viewer>
}

/** What only the demo has: an application that signs people in, and the mails that were caught. Both are open to everyone. */
export const demo: FastifyPluginAsync<DemoOptions> = async (app, { services, viewer }) => {
  await app.register(sampleRoutes, { store: services.ephemeral })
  await app.register(inboxRoutes, { ...services, viewer })
}
