import IntlMessageFormat from 'intl-messageformat'
import en from './en.json' with { type: 'json' }
import frTexts from './fr.json' with { type: 'json' }

export type MessageKey = keyof typeof en
export type Locale = 'en' | 'fr'
export type MessageParams = Readonly<Record<string, string | number | Date>>
/** Gives the text of a key in one locale, its ICU arguments filled in. */
export type Translate = (key: MessageKey, params?: MessageParams) => string

// Declared with en's keys: a text that French lacks does not compile.
const fr: Record<MessageKey, string> = frTexts
const texts: Record<Locale, Record<MessageKey, string>> = { en, fr }
const formats: Record<Locale, Map<MessageKey, IntlMessageFormat | string>> = { en: new Map(), fr: new Map() }

/** Narrows a text to a key, where codes that others made up name one (`fault.<reason>`). */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(en, key)
}

/** The locale's `Translate`. Texts are parsed once, on first use; one without arguments costs a map look-up. */
export function translator(locale: Locale): Translate {
  return translators[locale]
}

const translators: Record<Locale, Translate> = {
  en: (key, params) => text('en', key, params),
  fr: (key, params) => text('fr', key, params),
}

function text(locale: Locale, key: MessageKey, params?: MessageParams): string {
  let format = formats[locale].get(key)
  if (format === undefined) {
    const source = texts[locale][key]
    format = /[{'<]/.test(source) ? new IntlMessageFormat(source, locale) : source
    formats[locale].set(key, format)
  }
  return typeof format === 'string' ? format : String(format.format(params))
}
