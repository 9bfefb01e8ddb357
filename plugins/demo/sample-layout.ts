import type { FastifyRequest } from 'fastify'
import { html, type SafeHtml } from '../web/html.ts'
import type { AssetUrls } from '../web/layout.ts'

/** A document of its own, so that one sees where the product ends and the application begins. */
export function sampleLayout({ t, locale }: FastifyRequest, assets: AssetUrls, main: SafeHtml): SafeHtml {
  const other = locale === 'fr' ? 'en' : 'fr'
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${t('demoApp.name')}</title>
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="${assets.icon}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets.styles}" />
      </head>
      <body class="sample-app">
        <a class="skip" href="#main">${t('web.skip')}</a>
        <header class="site-header">
          <div class="bar">
            <a class="brand" href="/demo/app"
              ><span class="brand-mark" aria-hidden="true">${t('demoApp.name').slice(0, 1)}</span
              >${t('demoApp.name')}</a
            >
            <a class="language" href="/demo/app?lang=${other}" lang="${other}" hreflang="${other}"
              >${t('web.otherLanguage')}</a
            >
          </div>
        </header>
        <main id="main" class="site-main" tabindex="-1">${main}</main>
        <footer class="site-footer">
          <div>
            <p>${t('demoApp.footer')} <a href="/">${t('demoApp.portal')}</a></p>
          </div>
        </footer>
      </body>
    </html>`
}
