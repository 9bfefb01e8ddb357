import type { Locale, Translate } from '../../src/messages/message.ts'
import { inLanguage, textPages, type Brand } from './brand.ts'
import { mailLink, phoneLink } from './contact.ts'
import { html, type HtmlValue, type SafeHtml } from './html.ts'
import { safeUrl } from './safe-url.ts'

type Footer = { brand: Brand; organisation: string; locale: Locale; t: Translate; demo: boolean }

/** The foot of every page: whose it is, who helps, what the law asks for. */
export function footer({ brand, organisation, locale, t, demo }: Footer): SafeHtml {
  return html`<footer class="site-footer">
    <div>
      <p>${organisation}</p>
      ${helpLine(brand, t)} ${footerLinks(brand, locale, t)} ${demo ? html`<p>${t('web.demo')}</p>` : null}
    </div>
  </footer>`
}

/** Who helps; null when the tenant has not said. */
export function helpLine({ config: { help } }: Brand, t: Translate): SafeHtml | null {
  const url = help?.url === undefined ? null : safeUrl(help.url)
  const ways = [
    help?.mail === undefined ? null : mailLink(help.mail),
    help?.phone === undefined ? null : phoneLink(help.phone),
    url === null ? null : html`<a href="${url}">${new URL(url).host}</a>`,
  ].filter((way) => way !== null)
  return ways.length === 0
    ? null
    : html`<p class="help">${t('web.help')} ${ways.map((way, index) => [index > 0 ? ' · ' : null, way])}</p>`
}

function footerLinks(brand: Brand, locale: Locale, t: Translate): SafeHtml | null {
  const { accessibility, links } = brand.config
  const labels = {
    legal: t('web.legal'),
    accessibility: accessibility === undefined ? null : t(`web.accessibility.${accessibility.state}`),
  }
  const pages = textPages
    .filter((page) => inLanguage(brand.pages[page], locale) !== null)
    .map((page) => html`<li><a href="/${page}">${labels[page]}</a></li>`)
  const others = links.map(({ label, url }) => outerLink(inLanguage(label, locale), safeUrl(url), locale))
  const items: HtmlValue[] = [...pages, ...others]
  return items.length === 0
    ? null
    : html`<nav aria-label="${t('web.about')}">
        <ul>
          ${items}
        </ul>
      </nav>`
}

function outerLink(
  label: { lang: Locale; text: string } | null,
  url: string | null,
  locale: Locale,
): SafeHtml | null {
  if (label === null || url === null) return null
  return html`<li><a href="${url}" ${langOf(label.lang, locale)}>${label.text}</a></li>`
}

/** Says the language where it is not the page's: a screen reader pronounces by it. */
export function langOf(lang: Locale, locale: Locale): SafeHtml | null {
  return lang === locale ? null : html`lang="${lang}"`
}
