import type { FastifyContextConfig } from 'fastify'
import plugin from 'fastify-plugin'
import { Problem } from '../src/problems/problem.ts'

export type RouteRow = { method: string; url: string; config: Readonly<FastifyContextConfig> }

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route registered so far. */
    readonly routeTable: readonly RouteRow[]
    /**
     * For when all routes are there: the methods that an address does not have are 405 with `Allow` (RFC 9110, section 15.5.6), not 404.
     */
    refuseUnusedMethods(): void
  }
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** Keeps the list of all routes, for tests that walk it and for the refusal of unused methods. */
export const routeTable = plugin(async (app) => {
  const rows: RouteRow[] = []
  app.decorate('routeTable', { getter: () => rows })
  app.addHook('onRoute', ({ url, method, config = {} }) => {
    for (const each of [method].flat()) rows.push({ method: each.toUpperCase(), url, config })
  })
  app.decorate('refuseUnusedMethods', () => {
    for (const [url, used] of Map.groupBy([...rows], (row) => row.url)) {
      const known = used.map(({ method }) => method)
      const unused = methods.filter((method) => !known.includes(method))
      if (unused.length === 0) continue
      app.route({
        method: unused,
        url,
        schema: { hide: true },
        // Only where the address itself is answered for any host: elsewhere an unknown one is 421.
        config: { anyHost: used.every(({ config }) => config.anyHost === true), crossSite: refusesAll },
        // As a hook, before a body is read that nobody wants.
        onRequest: async (_request, reply) => {
          reply.header('allow', known.join(', '))
          throw new Problem('method-not-allowed')
        },
        handler: () => undefined,
      })
    }
  })
})

/** Why nothing guards these rows: nothing is behind them. */
export const refusesAll = 'every request is refused'
