import type { FastifyReply, FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import type { SafeHtml } from './web/html.ts'
import { layout, type Page } from './web/layout.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** htmx asks: answer with the part that it puts in place (`reply.fragment`), not with a page. */
    readonly wantsFragment: boolean
  }
  interface FastifyReply {
    /** Sends a whole page. Set the status before, when it is not 200. */
    page(page: Page): FastifyReply
    /** Sends a part of a page, for htmx. */
    fragment(part: SafeHtml): FastifyReply
    /** The token that every form of a page carries (`postForm`). */
    csrf(): string
  }
}

/** How routes answer with pages. */
export const pages = plugin<{ demo: boolean }>(async (app, { demo }) => {
  app.decorateRequest('wantsFragment', {
    getter(this: FastifyRequest) {
      return this.headers['hx-request'] === 'true'
    },
  })
  app.decorateReply('csrfToken', null)
  app.decorateReply('csrf', function csrf(this: FastifyReply) {
    this.csrfToken ??= this.generateCsrf()
    return this.csrfToken
  })
  app.decorateReply('page', function send(this: FastifyReply, page: Page) {
    const { tenant, brand, locale, t, maintenance } = this.request
    const csrf = () => this.csrf()
    const organisation = tenant.config.displayName
    const frame = {
      organisation,
      brand,
      locale,
      t,
      url: page.url ?? this.request.url,
      csrf,
      assets: app.assetUrls,
      demo,
      maintenance,
    }
    return this.fragment(layout(frame, page))
  })
  app.decorateReply('fragment', function send(this: FastifyReply, part: SafeHtml) {
    return this.type('text/html; charset=utf-8').send(String(part))
  })
})

declare module 'fastify' {
  interface FastifyReply {
    csrfToken: string | null
  }
}
