import type { FastifyRequest } from 'fastify'
import type { UserInfoResponse } from 'openid-client'
import type { Locale, MessageKey } from '../../src/messages/message.ts'
import { card, definitions, pageHead } from '../web/data.ts'
import { linkButton, postButton } from '../web/form.ts'
import { html, type HtmlValue, type SafeHtml } from '../web/html.ts'
import { notice } from '../web/notice.ts'
import { moment } from '../web/time.ts'
import type { SignedIn } from './sample-session.ts'

export function welcomePage({ t, tenant }: FastifyRequest, fault: MessageKey | null): SafeHtml {
  const label = t('demoApp.signIn', { organisation: tenant.config.displayName })
  return html`${pageHead(t('demoApp.title'), { lead: t('demoApp.lead') })}
    ${fault === null ? null : notice('warning', t(fault), true)}
    <p>${linkButton('/demo/app/sign-in', label, 'primary')}</p>`
}

/** What the application knows of the person, and what it was given to know it. */
export function signedInPage(
  { t, locale }: FastifyRequest,
  csrf: string,
  session: SignedIn,
  userinfo: UserInfoResponse,
): SafeHtml {
  const acts = [
    postButton({ action: '/demo/app/refresh', csrf, label: t('demoApp.refresh') }),
    postButton({ action: '/demo/app/sign-out', csrf, label: t('common.signOut') }),
  ]
  const name = userinfo.name ?? userinfo.preferred_username ?? userinfo.sub
  const lead = t('demoApp.renewals', { count: session.renewals })
  return html`${pageHead(t('demoApp.hello', { name }), { lead, acts })}
    <div class="columns">
      ${card(claimTable(locale, userinfo), { title: t('demoApp.userinfo') })}
      ${card(
        [
          html`<h3>${t('demoApp.header')}</h3>`,
          claimTable(locale, headerOf(session.idToken)),
          html`<h3>${t('demoApp.claims')}</h3>`,
          claimTable(locale, session.idTokenClaims),
        ],
        { title: t('demoApp.idToken') },
      )}
    </div>`
}

function claimTable(locale: Locale, claims: Readonly<Record<string, unknown>>): SafeHtml {
  return definitions(
    Object.entries(claims).map(([name, value]) => [name, claim(locale, name, value)] as const),
  )
}

const times: ReadonlySet<string> = new Set(['exp', 'iat', 'auth_time'])

/** As it stands in the token; of a time also what it means. */
function claim(locale: Locale, name: string, value: unknown): HtmlValue {
  if (Array.isArray(value)) return value.map((each) => html`<div><code>${String(each)}</code></div>`)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (!times.has(name) || typeof value !== 'number') return html`<code>${text}</code>`
  return html`<code>${text}</code>
    <div>${moment(locale, new Date(value * 1000))}</div>`
}

/** The first part of a JWS (RFC 7515, section 3.1). openid-client has checked it before. */
function headerOf(token: string): Record<string, unknown> {
  const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
  return typeof header === 'object' && header !== null ? { ...header } : {}
}
