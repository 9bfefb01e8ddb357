const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/**
 * An absolute URL from data as it may stand in `href`, or null: only http, https, mailto and tel lead out of a page. It is returned as the
 * URL parser writes it, the same parser that a browser has, so that `java\nscript:` and its like are seen for what they are.
 */
export function safeUrl(text: string): string | null {
  const url = URL.parse(text.trim())
  return url !== null && schemes.has(url.protocol) ? url.href : null
}

/** Link to write to an address; its characters cannot add headers (`?cc=`) or further addresses. */
export function mailUrl(address: string): string {
  return `mailto:${encodeURIComponent(address.trim()).replaceAll('%40', '@')}`
}

/** Link to call a number as people write it (RFC 3966), or null when there is none in it: `+33 (0)4 77` gives `tel:+33477`. */
export function phoneUrl(number: string): string | null {
  const digits = number.replace(/\(0\)/, '').replace(/[^\d+]/g, '')
  return /^\+?\d{2,}$/.test(digits) ? `tel:${digits}` : null
}

/** Path on this site with its parts encoded: `path('people', login)`. Logins hold `/`, `@`, spaces and accents. */
export function path(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join('/')}`
}
