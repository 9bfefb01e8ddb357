import { hash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** What pages load from one address, in memory, compressed where that helps. */
export type Asset = { url: string; etag: string; type: string; plain: Buffer; br?: Buffer; gzip?: Buffer }

/** `url` holds the hash of the content: `/assets/styles.HASH.css` for the start `/assets/styles` and the ending `.css`. */
export async function makeAsset(
  start: string,
  ending: string,
  type: string,
  content: Buffer | string,
): Promise<Asset> {
  const plain = Buffer.from(content)
  const version = hash('sha256', plain, 'base64url').slice(0, 16)
  const asset = { url: `${start}.${version}${ending}`, etag: `"${version}"`, type, plain }
  // Photographs are compressed already.
  if (/^image\/(?!svg)/.test(type)) return asset
  const [br, zipped] = await Promise.all([
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    promisify(gzip)(plain, { level: 9 }),
  ])
  return { ...asset, br, gzip: zipped }
}

/** Sends it, or 304 to a browser that has it. A browser may keep it for ever: another content has another address. */
export function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const coding = acceptedCoding(request.headers['accept-encoding'])
  const compressed = coding === null ? undefined : asset[coding]
  // The compressed forms are other bytes than the plain one, so they have other validators (RFC 9110, section 8.8.3).
  const etag = compressed === undefined ? asset.etag : `${asset.etag.slice(0, -1)}-${coding}"`
  reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', etag, vary: 'Accept-Encoding' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  if (compressed !== undefined) reply.header('content-encoding', coding)
  return reply.type(asset.type).send(compressed ?? asset.plain)
}

function acceptedCoding(header: string | string[] | undefined): 'br' | 'gzip' | null {
  const codings = String(header ?? '')
    .split(',')
    .filter((coding) => !/;\s*q=0(?:\.0*)?\s*$/.test(coding))
    .map((coding) => coding.split(';', 1)[0]?.trim())
  return codings.includes('br') ? 'br' : codings.includes('gzip') ? 'gzip' : null
}
