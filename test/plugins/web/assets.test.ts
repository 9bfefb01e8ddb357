import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTenant, openTestFrame, type TestFrame } from '../web-frame.ts'

const host = 'id.acme.example'
let frame: TestFrame['app']

beforeAll(async () => {
  frame = (await openTestFrame([makeTenant({ issuer: `https://${host}` })], () => {})).app
})
afterAll(async () => await frame.close())

const get = (url: string, headers: Record<string, string> = {}) =>
  frame.inject({ url, headers: { host, ...headers } })

describe('what pages load', () => {
  test('may be kept for ever, since its address changes with its content', async () => {
    for (const url of Object.values(frame.assetUrls)) {
      const answer = await get(url)
      expect(url).toMatch(/^\/assets\/\w+\.[\w-]{16}\.\w+$/)
      expect([answer.statusCode, answer.headers['cache-control']]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ])
    }
    expect((await get('/assets/styles.0000000000000000.css')).statusCode).toBe(404)
  })

  test('is sent as small as the browser can read it, and says what that depends on', async () => {
    const url = frame.assetUrls.styles
    const plain = await get(url)
    const brotli = await get(url, { 'accept-encoding': 'gzip, deflate, br, zstd' })
    const gzip = await get(url, { 'accept-encoding': 'gzip;q=1.0, br;q=0' })
    expect(brotliDecompressSync(brotli.rawPayload)).toEqual(plain.rawPayload)
    expect(gunzipSync(gzip.rawPayload)).toEqual(plain.rawPayload)
    expect([plain, brotli, gzip].map(({ headers }) => [headers['content-encoding'], headers.vary])).toEqual([
      [undefined, 'Accept-Encoding'],
      ['br', 'Accept-Encoding'],
      ['gzip', 'Accept-Encoding'],
    ])
    expect(brotli.rawPayload.length).toBeLessThan(20_000)
  })

  test('is not sent again to a browser that has it', async () => {
    const url = frame.assetUrls.script
    const { headers } = await get(url, { 'accept-encoding': 'br' })
    const again = await get(url, { 'accept-encoding': 'br', 'if-none-match': String(headers.etag) })
    const other = await get(url, { 'if-none-match': String(headers.etag) })
    expect([again.statusCode, again.body, other.statusCode]).toEqual([304, '', 200])
  })
})
