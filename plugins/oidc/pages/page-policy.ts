/**
 * Content security policy of the pages of a sign-in. Browsers apply `form-action` to the redirects that follow a form too, so that the application
 * which the person is on their way to is in it, and nothing else.
 */
export function pagePolicy(target: string | undefined): string {
  const formAction = ["'self'", ...(target === undefined ? [] : sourceOf(target))].join(' ')
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${formAction}`,
  ].join(';')
}

/** Origin of a web address, scheme of an app's own one. What would end the directive is in neither. */
function sourceOf(target: string): string[] {
  const url = URL.parse(target)
  if (url === null) return []
  return [/^https?:$/.test(url.protocol) ? url.origin : url.protocol]
}
