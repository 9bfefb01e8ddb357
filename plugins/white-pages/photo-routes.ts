import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readPhoto } from '../../src/accounts/people/read-photo.ts'
import { Problem } from '../../src/problems/problem.ts'
import { problems, scopes } from '../openapi.ts'
import { mayLook } from './may-look.ts'
import { loginParams } from './person-document.ts'
import { createPhotos, photoSizes, type PhotoSize } from './photos.ts'
import type { WhitePagesOptions } from './white-pages.ts'

const photoQuery = z.strictObject({
  size: z.enum(photoSizes).default('192').describe('Edge of the square, in pixels.'),
})

/** Photos of people, for the pages and for the API. */
export const photoRoutes: FastifyPluginAsyncZod<WhitePagesOptions> = async (app, { peopleOf }) => {
  const photos = createPhotos()

  async function send(request: FastifyRequest, reply: FastifyReply, login: string, size: PhotoSize) {
    const actor = await mayLook(request, 'people.read')
    const { accountId, image } = await readPhoto(peopleOf(request.tenant), actor, login)
    const etag = photos.tagOf(image, size)
    // Private: who may see it is decided here, for each reader. A new photo is seen after that time at most.
    reply.headers({ etag, 'cache-control': 'private, max-age=300' })
    if (request.headers['if-none-match'] === etag) return await reply.code(304).send()
    const jpeg = await photos.resize(accountId, image, size)
    if (jpeg === null) throw new Problem('not-found')
    return await reply.type('image/jpeg').send(jpeg)
  }

  const schema = { params: loginParams, querystring: photoQuery }
  app.get('/people/:login/photo', { schema }, async (request, reply) =>
    send(request, reply, request.params.login, request.query.size),
  )
  app.get(
    '/api/v1/people/:login/photo',
    {
      schema: {
        ...schema,
        tags: ['People'],
        security: scopes('people.read'),
        summary: 'Photo of a person, as a square JPEG',
        response: {
          200: { description: 'The picture.', content: { 'image/jpeg': { schema: z.unknown() } } },
          ...problems,
        },
      },
    },
    async (request, reply) => send(request, reply, request.params.login, request.query.size),
  )
}
