import type { FastifyReply, FastifyRequest } from 'fastify'
import { errorPage } from './sign-out-page.ts'
import { formPage } from './reader.ts'

/** The sign-in is over, or never was in this browser. */
export function expiredInteraction(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { t } = request
  const main = errorPage(t, { code: 'expired', detail: '' })
  return reply
    .code(400)
    .header('cache-control', 'no-store')
    .page({ title: t('oidcError.expiredTitle'), main, ...formPage(request) })
}
