import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Sends a document with its ETag, or 304 to a client that has it already. */
export async function sendTagged(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  document: object,
): Promise<FastifyReply> {
  const etag = `"${hash('sha256', JSON.stringify(document), 'base64url').slice(0, 22)}"`
  // Asked for each time: who may see what is decided anew at each request.
  reply.headers({ etag, 'cache-control': 'private, no-cache' })
  if (headers['if-none-match'] === etag) return await reply.code(304).send()
  return await reply.send(document)
}
