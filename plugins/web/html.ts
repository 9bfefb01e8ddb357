import { html as tag, type SafeHtml } from '@remix-run/html-template'

export type { SafeHtml }

/**
 * What a page may hold. Text is escaped, `null` and `undefined` leave nothing. Booleans are not in it, so that `cond && part`, which
 * would print `false`, does not compile: write `cond ? part : null`.
 */
export type HtmlValue = SafeHtml | string | number | null | undefined | HtmlValue[]

/**
 * The only way to make markup: values are escaped by construction, for element content and for attribute values in quotes (always quote
 * them). A URL that comes from data passes `safeUrl` besides: escaping does not stop `javascript:`.
 */
export const html: (strings: TemplateStringsArray, ...values: HtmlValue[]) => SafeHtml = tag
