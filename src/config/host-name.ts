/**
 * The host of a Host header, a URL or the configuration in the one form in which hosts are compared: lower case, punycode, without port and
 * trailing dot; IPv6 in brackets, shortened. Undefined for what is no host: that is nobody's.
 */
export function hostNameOf(text: string): string | undefined {
  // A Host header is host [":" port] (RFC 9110, section 7.2); URL would also take a user, a path or a query from it.
  if (!/^(?:\[[\da-f:.]+\]|[^\s:/?#@%\\[\]]+)(?::\d*)?$/i.test(text)) return undefined
  const host = URL.parse(`http://${text}`)?.hostname.replace(/\.$/, '')
  return host === '' ? undefined : host
}

/** Whether the host is this machine by definition: what is sent there crosses no network (RFC 6761, section 6.3). */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host)
}
