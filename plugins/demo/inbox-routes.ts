import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { caughtMails } from '../../src/mail/caught-mail.ts'
import { Problem } from '../../src/problems/problem.ts'
import type { Database } from '../../src/store/postgres.ts'
import type { Sealer } from '../../src/store/seal.ts'
import type { Viewer } from '../web/layout.ts'
import { inboxPage, mailList, mailPage } from './inbox-page.ts'

export type InboxOptions = {
  database: Database
  sealer: Sealer
  viewer: (request: FastifyRequest) => Promise<Viewer>
}

const params = z.strictObject({ id: z.string().regex(/^\d{1,18}$/) })

/** The mails that were caught instead of being sent. */
export const inboxRoutes: FastifyPluginAsyncZod<InboxOptions> = async (app, { database, sealer, viewer }) => {
  const mailsOf = (request: FastifyRequest) => caughtMails(database, sealer, request.tenant.name)

  app.get('/demo/inbox', async (request, reply) => {
    const { t, locale } = request
    const list = mailList(t, locale, await mailsOf(request))
    if (request.wantsFragment) return reply.fragment(list)
    return reply.page({
      title: t('demoInbox.title'),
      main: inboxPage(t, list),
      viewer: await viewer(request),
    })
  })

  app.get('/demo/inbox/:id', { schema: { params } }, async (request, reply) => {
    const mail = (await mailsOf(request)).find(({ id }) => id === request.params.id)
    if (mail === undefined) throw new Problem('not-found')
    const main = mailPage(request.t, request.locale, mail)
    return reply.page({ title: mail.subject, main, viewer: await viewer(request) })
  })
}
