import type { Locale, Translate } from '../../src/messages/message.ts'
import type { Maintenance } from '../../src/store/maintenance.ts'
import { avatar } from './avatar.ts'
import { brandLink, type Brand } from './brand.ts'
import { footer } from './footer.ts'
import { html, type HtmlValue, type SafeHtml } from './html.ts'
import { icon, type IconName } from './icon.ts'
import { maintenanceNotice } from './maintenance-notice.ts'

export type Section = 'portal' | 'people' | 'groups' | 'desk' | 'account' | 'sync' | 'audit' | 'checkup'

/** Who reads the page, and where they may go from it. */
export type Viewer = {
  /** Null when not signed in. */
  displayName: string | null
  sections: readonly Section[]
}

export type Page = {
  /** Of the document; the page's content has its own `h1` (`pageHead`). */
  title: string
  main: HtmlValue
  viewer: Viewer
  section?: Section
  /** `narrow`: one form in the middle, as at sign-in. */
  shape?: 'wide' | 'narrow'
  /** Path and query where a GET shows the page, for the switch of the language; the request's own when absent. */
  url?: string
}

/** What surrounds the page: of the request and of the tenant. */
export type Frame = {
  organisation: string
  brand: Brand
  locale: Locale
  t: Translate
  /** Path and query of the page, for the switch of the language. */
  url: string
  /** Makes the token of the sign-out form. Only called when there is one. */
  csrf: () => string
  assets: AssetUrls
  /** A demonstration says so on every page. */
  demo: boolean
  /** Said on every page while there is one. */
  maintenance: Maintenance | null
}

export type AssetUrls = { styles: string; script: string; icon: string }

export const sectionPaths: Readonly<Record<Section, string>> = {
  portal: '/',
  people: '/people',
  groups: '/groups',
  desk: '/desk',
  account: '/account',
  sync: '/sync',
  audit: '/audit',
  checkup: '/checkup',
}

/** The whole document. It works without JavaScript and has neither inline script nor inline style: the policy of `security.ts` forbids both. */
export function layout(frame: Frame, page: Page): SafeHtml {
  const { locale, organisation, t } = frame
  return html`<!doctype html>
    <html lang="${locale}">
      ${head(frame, page.title)}
      <body>
        <a class="skip" href="#main">${t('web.skip')}</a>
        <header class="site-header">
          <div class="bar">
            ${brandLink(frame.brand, organisation)} ${languageSwitch(frame)} ${who(frame, page)}
          </div>
          ${menu(t, page)}
        </header>
        ${frame.maintenance === null ? null : maintenanceNotice(frame.maintenance, t, locale)}
        <main id="main" class="site-main ${page.shape ?? 'wide'}" tabindex="-1">${page.main}</main>
        ${footer(frame)}
      </body>
    </html>`
}

function head({ organisation, assets, brand }: Frame, title: string): SafeHtml {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title} – ${organisation}</title>
    <meta name="color-scheme" content="light dark" />
    <meta name="htmx-config" content="${htmxConfig}" />
    <link rel="icon" href="${brand.icon?.url ?? assets.icon}" type="${brand.icon?.type ?? 'image/svg+xml'}" />
    <link rel="stylesheet" href="${assets.styles}" />
    ${brand.styles === null ? null : html`<link rel="stylesheet" href="${brand.styles}" />`}
    <script src="${assets.script}" defer></script>
  </head>`
}

// Our style sheet has the indicator's rule; htmx would inject its own.
const htmxConfig = JSON.stringify({ includeIndicatorCSS: false })

function menu(t: Translate, { section, viewer }: Page): SafeHtml | null {
  if (viewer.sections.length < 2) return null
  return html`<nav class="menu" aria-label="${t('web.navigation')}">
    <ul>
      ${viewer.sections.map((each) => {
        const current = each === section ? html` aria-current="page"` : null
        return html`<li><a href="${sectionPaths[each]}" ${current}>${t(`web.nav.${each}`)}</a></li>`
      })}
    </ul>
  </nav>`
}

function languageSwitch({ locale, t, url }: Frame): SafeHtml {
  const other = locale === 'fr' ? 'en' : 'fr'
  const href = `${url}${url.includes('?') ? '&' : '?'}lang=${other}`
  return html`<a class="language" href="${href}" lang="${other}" hreflang="${other}"
    >${t('web.otherLanguage')}</a
  >`
}

function who(frame: Frame, { viewer, shape }: Page): SafeHtml | null {
  if (viewer.displayName !== null) return userMenu(frame, viewer.displayName, viewer.sections)
  // A page of one form is the sign-in itself, or leads to it.
  if (shape === 'narrow') return null
  return html`<a class="button quiet" href="${signInPath(frame.url)}">${frame.t('web.signIn')}</a>`
}

function userMenu({ t, csrf }: Frame, displayName: string, sections: readonly Section[]): SafeHtml {
  const links = sections.includes('account') ? [menuLink('account', 'person', t)] : []
  return html`<details class="user-menu">
    <summary>
      ${avatar(displayName, { size: 'small' })}<span class="who">${displayName}</span
      ><span class="visually-hidden">${t('web.userMenu', { name: displayName })}</span>${icon('down')}
    </summary>
    <div class="drop">
      <p>${displayName}</p>
      ${links}
      <form method="post" action="/sign-out">
        <input type="hidden" name="_csrf" value="${csrf()}" />
        <button type="submit">${icon('external')}${t('common.signOut')}</button>
      </form>
    </div>
  </details>`
}

function menuLink(section: Section, sign: IconName, t: Translate): SafeHtml {
  return html`<a href="${sectionPaths[section]}">${icon(sign)}${t(`web.nav.${section}`)}</a>`
}

/** Where a visitor signs in to come back to `url` (path and query on this site). */
export function signInPath(url: string): string {
  return `/sign-in?to=${encodeURIComponent(url)}`
}
