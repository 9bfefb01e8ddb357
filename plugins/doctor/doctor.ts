import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Permit } from '../../src/access/permit.ts'
import { viewerOf } from '../web/viewer.ts'
import { doctorPage } from './doctor-page.ts'
import { createExaminations } from './examinations.ts'

/** `/checkup`: what is wrong with the tenant's directories, for its administrators. */
export const doctor: FastifyPluginAsyncZod<{ clock: () => Date }> = async (app, { clock }) => {
  const examine = createExaminations(clock)
  app.get('/checkup', async (request, reply) => {
    const { t, locale, tenant } = request
    const actor = await request.actor()
    Permit.for(actor, 'directory.check')
    const examination = await examine(tenant)
    const main = doctorPage({ t, locale }, [...tenant.directories.keys()], examination)
    return reply.page({ title: t('doctor.title'), section: 'checkup', viewer: viewerOf(actor), main })
  })
}
