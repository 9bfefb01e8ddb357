import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { AssetUrls } from './layout.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the style sheet, the script and the icon are. */
    assetUrls: AssetUrls
  }
}

type Asset = { url: string; etag: string; type: string; plain: Buffer; brotli: Buffer; gzip: Buffer }

// In this order: ours sets the variables of Pico CSS. What only one product shows is in a sheet named for it, at the end.
const sheets = [
  import.meta.resolve('@picocss/pico/css/pico.min.css'),
  ...[
    'tokens',
    'page',
    'header',
    'form',
    'component',
    'table',
    'docs',
    'people',
    'desk',
    'self-service',
    'doctor',
    'sync',
  ].map((name) => import.meta.resolve(`./styles/${name}.css`)),
]

/** Serves what pages load, from memory, compressed once. The address holds the hash of the content: a browser may keep it for ever. */
export const assets = plugin(async (app) => {
  const [styles, script, icon] = await Promise.all([
    makeAsset('styles', 'css', 'text/css; charset=utf-8', sheets),
    makeAsset('htmx', 'js', 'text/javascript; charset=utf-8', [
      import.meta.resolve('htmx.org/dist/htmx.min.js'),
      import.meta.resolve('./scripts/show-password.js'),
    ]),
    makeAsset('icon', 'svg', 'image/svg+xml', [import.meta.resolve('./icon.svg')]),
  ])
  app.decorate('assetUrls', { styles: styles.url, script: script.url, icon: icon.url })
  for (const asset of [styles, script, icon]) {
    app.get(asset.url, { schema: { hide: true } }, async (request, reply) => sendAsset(asset, request, reply))
  }
})

async function makeAsset(
  name: string,
  ending: string,
  type: string,
  files: readonly string[],
): Promise<Asset> {
  const parts = await Promise.all(files.map((file) => readFile(new URL(file), 'utf8')))
  const plain = Buffer.from(parts.join('\n'))
  const version = hash('sha256', plain, 'base64url').slice(0, 16)
  const [brotli, zipped] = await Promise.all([
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    promisify(gzip)(plain, { level: 9 }),
  ])
  return {
    url: `/assets/${name}.${version}.${ending}`,
    etag: `"${version}"`,
    type,
    plain,
    brotli,
    gzip: zipped,
  }
}

function sendAsset(asset: Asset, request: FastifyRequest, reply: FastifyReply) {
  const coding = acceptedCoding(request.headers['accept-encoding'])
  // The compressed forms are other bytes than the plain one, so they have other validators (RFC 9110, section 8.8.3).
  const etag = coding === null ? asset.etag : `${asset.etag.slice(0, -1)}-${coding}"`
  reply.headers({ 'cache-control': 'public, max-age=31536000, immutable', etag, vary: 'Accept-Encoding' })
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  if (coding !== null) reply.header('content-encoding', coding)
  return reply
    .type(asset.type)
    .send(coding === 'br' ? asset.brotli : coding === 'gzip' ? asset.gzip : asset.plain)
}

function acceptedCoding(header: string | string[] | undefined): 'br' | 'gzip' | null {
  const codings = String(header ?? '')
    .split(',')
    .filter((coding) => !/;\s*q=0(?:\.0*)?\s*$/.test(coding))
    .map((coding) => coding.split(';', 1)[0]?.trim())
  return codings.includes('br') ? 'br' : codings.includes('gzip') ? 'gzip' : null
}
