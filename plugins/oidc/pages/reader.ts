import type { FastifyRequest } from 'fastify'
import type { Translate } from '../../../src/messages/message.ts'
import type { HtmlValue } from '../../web/html.ts'
import { layout, type AssetUrls, type Page } from '../../web/layout.ts'
import { visitor } from '../../web/viewer.ts'

/** Who reads a page of ours: their language, and the frame around what it says. */
export type Reader = {
  t: Translate
  /** The whole document around one form in the middle. */
  write(page: { title: string; main: HtmlValue }): string
}

/** The reader of pages that the library sends: Fastify's reply is out of the game then, so that such a page holds no form of ours. */
export function libraryPageReader(request: FastifyRequest, assets: AssetUrls, demo: boolean): Reader {
  const { t, locale, tenant, brand, maintenance } = request
  const organisation = tenant.config.displayName
  const frame = { organisation, brand, locale, t, url: '/', csrf: () => '', assets, demo, maintenance }
  return { t, write: (page) => String(layout(frame, { ...page, ...formPage(request) })) }
}

/** What pages of a sign-in have in common: one form in the middle, nobody signed in yet. */
export function formPage({ tenant }: FastifyRequest): Pick<Page, 'viewer' | 'shape'> {
  return { viewer: visitor(tenant.config), shape: 'narrow' }
}
