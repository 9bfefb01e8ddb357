import type { FastifyRequest } from 'fastify'
import plugin from 'fastify-plugin'
import { Problem } from '../src/problems/problem.ts'
import { inLanguage, textPages } from './web/brand.ts'
import { pageHead } from './web/data.ts'
import { langOf } from './web/footer.ts'
import { html } from './web/html.ts'
import type { Viewer } from './web/layout.ts'
import { visitor } from './web/viewer.ts'

export type TextPageOptions = { viewer: (request: FastifyRequest) => Promise<Viewer> }

/** `/legal` and `/accessibility`, where the tenant has them: for everybody, also while the stores are away. */
export const tenantTexts = plugin<TextPageOptions>(async (app, { viewer }) => {
  for (const page of textPages) {
    app.get(`/${page}`, { schema: { hide: true } }, async (request, reply) => {
      const { brand, locale, t, tenant } = request
      const found = inLanguage(brand.pages[page], locale)
      if (found === null) throw new Problem('not-found')
      const { lang, text } = found
      const title = text.title ?? t(`web.${page}`)
      const main = html`<div class="prose" ${langOf(lang, locale)}>${pageHead(title)}${text.body}</div>`
      const reader = await viewer(request).catch(() => visitor(tenant.config))
      return reply.page({ title, main, viewer: reader })
    })
  }
})
