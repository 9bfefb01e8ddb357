import type { Locale } from '../../messages/message.ts'

// Made once: making one takes longer than sorting a page of names.
const collators: Readonly<Record<Locale, Intl.Collator>> = {
  en: new Intl.Collator('en'),
  fr: new Intl.Collator('fr'),
}

/** Compares names as people of that language sort them. */
export function compareNames(locale: Locale, a: string, b: string): number {
  return collators[locale].compare(a, b)
}
