type Value = string | Buffer

/** One entry as LDIF, an empty line at its end; attributes that are undefined are left out. */
export function entry(
  dn: string,
  attributes: Record<string, Value | readonly Value[] | number | undefined>,
): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => line(name, Buffer.isBuffer(value) ? value : String(value))),
  )
  return `${line('dn', dn)}${lines.join('')}\n`
}

// RFC 2849 SAFE-STRING without control characters; all else in base64.
const safe = /^(?![ :<])[ -~]+(?<! )$/

function line(name: string, value: Value): string {
  if (typeof value === 'string' && safe.test(value)) return `${name}: ${value}\n`
  return `${name}:: ${(typeof value === 'string' ? Buffer.from(value) : value).toString('base64')}\n`
}
