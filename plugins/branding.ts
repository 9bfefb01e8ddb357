import type { FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { z } from 'zod'
import { Problem } from '../src/problems/problem.ts'
import type { Tenant } from '../src/tenants/tenant.ts'
import { openBrand } from './open-brand.ts'
import { sendAsset, type Asset } from './web/asset.ts'
import type { Brand } from './web/brand.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the pages of the request's tenant look like. */
    readonly brand: Brand
  }
}

/** Of an SVG that somebody opens by its address. Nothing in it runs: it has been read for that, and this is for what was missed. */
const drawingPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** Reads the branding of each tenant once, and serves each tenant's own: by host name, and only what was read. */
export const branding = plugin<{ tenants: readonly Tenant[] }>(async (app, { tenants }) => {
  const open = new Map(
    await Promise.all(
      tenants.map(async ({ name, config }) => {
        const { brand, assets } = await openBrand(config.branding)
        return [name, { brand, assets: new Map(assets.map((asset) => [asset.url, asset])) }] as const
      }),
    ),
  )
  const openOf = (request: FastifyRequest): { brand: Brand; assets: ReadonlyMap<string, Asset> } => {
    const found = open.get(request.tenant.name)
    if (found === undefined) throw new Error(`no tenant is named ${request.tenant.name}`)
    return found
  }
  app.decorateRequest('brand', {
    getter(this: FastifyRequest) {
      return openOf(this).brand
    },
  })
  const schema = { hide: true, params: z.strictObject({ file: z.string() }) }
  app.get<{ Params: { file: string } }>('/branding/:file', { schema }, async (request, reply) => {
    const asset = openOf(request).assets.get(`/branding/${request.params.file}`)
    if (asset === undefined) throw new Problem('not-found')
    if (asset.type === 'image/svg+xml') reply.header('content-security-policy', drawingPolicy)
    return sendAsset(asset, request, reply)
  })
})
