import type { BrandingConfig } from '../../src/config/branding/branding-schema.ts'
import type { Locale } from '../../src/messages/message.ts'
import { initials } from './avatar.ts'
import { html, type SafeHtml } from './html.ts'
import type { RichText } from './rich-text.ts'

export const textPages = ['legal', 'accessibility'] as const
export type TextPage = (typeof textPages)[number]

/** What a tenant's pages look like. Addresses are of this site. */
export type Brand = {
  config: BrandingConfig
  logo: { url: string; dark: string | null } | null
  icon: { url: string; type: string } | null
  /** The style sheet with the tenant's colours. */
  styles: string | null
  pages: Readonly<Record<TextPage, InLanguages<RichText>>>
}

export type InLanguages<T> = { fr?: T | undefined; en?: T | undefined }

/** What there is for a reader: in their language, else in the other one; null for nothing. */
export function inLanguage<T>(texts: InLanguages<T>, locale: Locale): { lang: Locale; text: T } | null {
  const other = locale === 'fr' ? 'en' : 'fr'
  const lang = texts[locale] === undefined ? other : locale
  const text = texts[lang]
  return text === undefined ? null : { lang, text }
}

/** The way home at the top of a page: the logo, or the first letter of the name, and the name where the logo does not have it. */
export function brandLink({ logo, config }: Brand, organisation: string): SafeHtml {
  const mark =
    logo === null
      ? html`<span class="brand-mark" aria-hidden="true">${initials(organisation).slice(0, 1)}</span>`
      : logoImage(logo, config.logoHasName ? organisation : '')
  return html`<a class="brand" href="/">${mark}${config.logoHasName ? null : organisation}</a>`
}

function logoImage({ url, dark }: { url: string; dark: string | null }, alt: string): SafeHtml {
  // Where there is none for the dark, the logo keeps the white that it was drawn for.
  const image = html`<img class="brand-logo ${dark === null ? 'on-white' : ''}" src="${url}" alt="${alt}" />`
  return dark === null
    ? image
    : html`<picture
        ><source srcset="${dark}" media="(prefers-color-scheme: dark)" />
        ${image}</picture
      >`
}
