import { errors, type ErrorOut, type KoaContextWithOIDC } from 'oidc-provider'
import type { SafeHtml } from '../../web/html.ts'
import { portalClientId } from '../clients.ts'
import { pagePolicy } from './page-policy.ts'
import { notedReaderOf } from '../noted-request.ts'
import type { Reader } from './reader.ts'
import { errorPage, signedOutPage, signOutPage } from './sign-out-page.ts'

/** Pages that the library asks for while it answers. */
export const providerPages = {
  error(ctx: KoaContextWithOIDC, out: ErrorOut, error: Error): void {
    const isExpired = error instanceof errors.SessionNotFound
    const code = isExpired ? 'expired' : out.error
    const title = isExpired ? 'oidcError.expiredTitle' : 'oidcError.title'
    send(ctx, ({ t }) => ({
      title: t(title),
      main: errorPage(t, { code, detail: out.error_description ?? '' }),
    }))
  },
  signOut(ctx: KoaContextWithOIDC): void {
    const { session, params } = ctx.oidc
    const secret = session?.state?.['secret']
    const xsrf = typeof secret === 'string' ? secret : ''
    const target = params?.['post_logout_redirect_uri']
    send(
      ctx,
      ({ t }) => ({
        title: t('signOut.title'),
        main: signOutPage(t, { xsrf, application: applicationOf(ctx) }),
      }),
      typeof target === 'string' ? target : undefined,
    )
  },
  signedOut(ctx: KoaContextWithOIDC): void {
    send(ctx, ({ t }) => ({ title: t('signOut.doneTitle'), main: signedOutPage(t, applicationOf(ctx)) }))
  },
}

function send(
  ctx: KoaContextWithOIDC,
  page: (reader: Reader) => { title: string; main: SafeHtml },
  target?: string,
): void {
  const reader = notedReaderOf(ctx.req)
  ctx.type = 'html'
  ctx.set('content-security-policy', pagePolicy(target))
  ctx.body = reader.write(page(reader))
}

function applicationOf({ oidc }: KoaContextWithOIDC): string | null {
  const { client } = oidc
  if (client === undefined || client.clientId === portalClientId) return null
  return client.clientName ?? client.clientId
}
