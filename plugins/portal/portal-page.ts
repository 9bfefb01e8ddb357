import type { ClientConfig } from '../../src/config/client-schema.ts'
import type { TenantConfig } from '../../src/config/tenant-schema.ts'
import type { Translate } from '../../src/messages/message.ts'
import { initials } from '../web/avatar.ts'
import { card, emptyState, pageHead } from '../web/data.ts'
import { linkButton, searchForm } from '../web/form.ts'
import { html, type HtmlValue, type SafeHtml } from '../web/html.ts'
import { icon, type IconName } from '../web/icon.ts'
import { sectionPaths, signInPath, type Section } from '../web/layout.ts'
import { safeUrl } from '../web/safe-url.ts'

type Shown = { name: string; applications: readonly ClientConfig[]; sections: readonly Section[] }

/** The applications of the signed-in, and what they may use here. */
export function portalPage(t: Translate, { name, applications, sections }: Shown): SafeHtml {
  const tiles = applications.flatMap((application) => applicationTile(application) ?? [])
  return html`${pageHead(t('portal.hello', { name }), { lead: t('portal.lead') })}
    <section aria-labelledby="applications">
      <h2 id="applications">${t('portal.applications')}</h2>
      ${
        tiles.length === 0
          ? card(emptyState('grid', t('portal.noApplications'), t('portal.noApplicationsAdvice')))
          : html`<ul class="tiles">
              ${tiles}
            </ul>`
      }
    </section>
    <section aria-labelledby="services">
      <h2 id="services">${t('portal.services')}</h2>
      <ul class="tiles">
        ${sections.flatMap((section) => serviceTile(t, section) ?? [])}
      </ul>
    </section>`
}

function applicationTile({ id, name = id, home = '' }: ClientConfig): SafeHtml | null {
  const url = safeUrl(home)
  if (url === null) return null
  return tile({ href: url, mark: initials(name), title: name, text: new URL(url).host })
}

const signs = {
  people: 'search',
  groups: 'people',
  desk: 'key',
  audit: 'clock',
  checkup: 'check',
  account: 'person',
} as const satisfies Partial<Record<Section, IconName>>

function serviceTile(t: Translate, section: Section): SafeHtml | null {
  if (section === 'portal' || section === 'sync') return null
  return tile({
    href: sectionPaths[section],
    mark: icon(signs[section]),
    title: t(`web.nav.${section}`),
    text: t(`portal.${section}`),
  })
}

function tile({
  href,
  mark,
  title,
  text,
}: {
  href: string
  mark: HtmlValue
  title: string
  text: string
}): SafeHtml {
  return html`<li>
    <a class="tile" href="${href}"
      ><span class="mark" aria-hidden="true">${mark}</span
      ><span><strong>${title}</strong><small>${text}</small></span></a
    >
  </li>`
}

/** For visitors: what this is, the way in, and the white pages where they are public. */
export function welcomePage(t: Translate, { displayName, whitePages }: TenantConfig): SafeHtml {
  const isPublic = whitePages.access === 'public'
  return html`<div class="welcome">
    ${card(
      html`${pageHead(t('portal.welcome', { organisation: displayName }), { lead: t('portal.welcomeLead') })}
        <p>${linkButton(signInPath('/'), t('web.signIn'), 'primary')}</p>
        ${
          isPublic
            ? searchForm({
                action: '/people',
                button: t('portal.searchButton'),
                field: { name: 'q', label: t('portal.search'), maxlength: 200 },
              })
            : null
        }`,
    )}
  </div>`
}
