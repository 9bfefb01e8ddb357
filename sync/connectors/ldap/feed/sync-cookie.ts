/** `20261125101112.123456Z#000000#001#000000`: the last change of the server with that number. */
const CSN = /^\d{14}\.\d{6}Z#[0-9a-f]{6}#([0-9a-f]{3})#[0-9a-f]{6}$/

/**
 * The cookie after another one. While it persists, slapd names the server that made a change and no other: with several primaries a cookie that forgot the
 * others would bring all that they ever wrote. Other servers' cookies replace each other.
 */
export function nextCookie(before: Buffer | undefined, next: Buffer): Buffer {
  const [old, added] = [csnsOf(before), csnsOf(next)]
  if (old === undefined || added === undefined) return next
  const merged = new Map(old)
  for (const [server, csn] of added) {
    const known = merged.get(server)
    if (known === undefined || known < csn) merged.set(server, csn)
  }
  const csns = [...merged].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, csn]) => csn)
  return Buffer.from(`rid=000,csn=${csns.join(';')}`)
}

/** The changes that a cookie of slapd (`rid=000,sid=001,csn=…;…`) names, by server. */
function csnsOf(cookie: Buffer | undefined): Map<string, string> | undefined {
  const [, list] = /(?:^|,)csn=([^,]*)/.exec(cookie?.toString('latin1') ?? '') ?? []
  if (list === undefined) return undefined
  const csns = new Map<string, string>()
  for (const csn of list.split(';')) {
    const server = CSN.exec(csn)?.[1]
    if (server === undefined) return undefined
    csns.set(server, csn)
  }
  return csns
}
