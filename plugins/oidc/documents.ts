import { hash } from 'node:crypto'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Provider } from 'oidc-provider'
import { pinIssuer } from './pin-issuer.ts'

/** An answer that is the same for everybody until the keys change. */
export type Document = { body: Buffer; etag: string; type: string }

export type Documents = { discovery: Document; jwks: Document }

/** Asks the library once for what relying parties fetch again and again. */
export async function createDocuments(provider: Provider): Promise<Documents> {
  const [discovery, jwks] = await Promise.all([
    ask(provider, '/.well-known/openid-configuration'),
    ask(provider, '/oauth2/jwks'),
  ])
  return {
    discovery: documentOf(discovery, 'application/json; charset=utf-8'),
    jwks: documentOf(jwks, 'application/jwk-set+json; charset=utf-8'),
  }
}

async function ask(provider: Provider, path: string): Promise<unknown> {
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.url = path
  pinIssuer(request, provider.issuer)
  const ctx = provider.createContext(request, new ServerResponse(request))
  const [first, ...rest] = provider.middleware
  const run = (index: number): Promise<unknown> =>
    Promise.resolve([first, ...rest][index]?.(ctx, () => run(index + 1)))
  await run(0)
  return ctx.body
}

function documentOf(content: unknown, type: string): Document {
  const body = Buffer.from(JSON.stringify(content))
  return { body, type, etag: `"${hash('sha256', body, 'base64url').slice(0, 27)}"` }
}
