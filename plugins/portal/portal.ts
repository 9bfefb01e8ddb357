import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { viewerOf } from '../web/viewer.ts'
import { portalPage, welcomePage } from './portal-page.ts'

/** `/`: where everybody starts. */
export const portal: FastifyPluginAsyncZod = async (app) => {
  app.get('/', async (request, reply) => {
    const { t, tenant } = request
    const actor = await request.actor()
    const viewer = viewerOf(actor)
    const title = t('portal.title')
    if (viewer.displayName === null) {
      return reply.page({ title, viewer, main: welcomePage(t, tenant.config) })
    }
    const applications = tenant.config.clients.filter(({ home }) => home !== undefined)
    const main = portalPage(t, { name: viewer.displayName, applications, sections: viewer.sections })
    return reply.page({ title, section: 'portal', viewer, main })
  })
}
