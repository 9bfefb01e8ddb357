import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { renderSVG } from 'uqr'
import { z } from 'zod'
import { seeByHandle } from '../../src/accounts/people/visible-person.ts'
import { Problem } from '../../src/problems/problem.ts'
import { problems, scopes } from '../openapi.ts'
import { attachment } from '../web/content-disposition.ts'
import { mayLook } from './may-look.ts'
import { loginParams } from './person-document.ts'
import { cardPath } from './person-parts.ts'
import type { WhitePagesOptions } from './white-pages.ts'

/** A person as a file for address books, and as a code that a phone's camera reads. */
export const vcardRoutes: FastifyPluginAsyncZod<WhitePagesOptions> = async (app, { peopleOf }) => {
  async function read(request: FastifyRequest, login: string) {
    const actor = await mayLook(request, 'people.read')
    const { config, issuer } = request.tenant
    const { person } = await seeByHandle(peopleOf(request.tenant), actor, login)
    const { vcardOf } = await import('./vcard.ts') // its library is a megabyte
    const text = vcardOf(person, { organisation: config.displayName, url: issuer + cardPath(person) })
    return { name: person.displayName, text }
  }
  async function send(request: FastifyRequest, reply: FastifyReply, login: string) {
    const { name, text } = await read(request, login)
    return await reply
      .type('text/vcard; charset=utf-8')
      .header('content-disposition', attachment(`${name}.vcf`))
      .send(text)
  }

  const schema = { params: loginParams }
  app.get('/people/:login/qr.svg', { schema }, async (request, reply) => {
    const { text } = await read(request, request.params.login)
    return await reply.type('image/svg+xml').send(qrCode(text))
  })
  app.get('/people/:login/vcard', { schema }, async (request, reply) =>
    send(request, reply, request.params.login),
  )
  app.get(
    '/api/v1/people/:login/vcard',
    {
      schema: {
        ...schema,
        tags: ['People'],
        security: scopes('people.read'),
        summary: 'A person as vCard 4.0 (RFC 6350)',
        response: {
          200: { description: 'The card.', content: { 'text/vcard': { schema: z.unknown() } } },
          ...problems,
        },
      },
    },
    async (request, reply) => send(request, reply, request.params.login),
  )
}

/** No code holds more (ISO/IEC 18004, version 40-L). */
const MOST_BYTES = 2_953

/** Long cards make codes of many small squares: the lowest correction keeps them readable. */
function qrCode(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.byteLength > MOST_BYTES) throw new Problem('not-found')
  return renderSVG([...bytes], { ecc: 'L', border: 4, pixelSize: 4 })
}
