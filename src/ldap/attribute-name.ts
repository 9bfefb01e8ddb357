// RFC 4512 section 2.5, plus the underscore that several vendors use in names.
const description = /^(?:[A-Za-z][A-Za-z0-9_-]*|\d+(?:\.\d+)+)(?:;[A-Za-z0-9_-]+)*$/

/** An attribute name that was checked: the only way to put a name, not a value, into a template. */
export type AttributeName = { readonly attribute: string }

/** True for an attribute description: a name or an OID, with options (`cn;lang-fr`, `2.5.4.3`). */
export function isAttributeName(text: string): boolean {
  return description.test(text)
}

/** The checked name of an attribute, for the places of `filter` and `dn` where a name stands. Throws a TypeError. */
export function attr(name: string): AttributeName {
  if (!isAttributeName(name)) throw new TypeError('not an attribute name')
  return { attribute: name }
}

/** The name without its options, in lower case: `CN;lang-fr` gives `cn`. */
export function baseName(name: string): string {
  const end = name.indexOf(';')
  return (end < 0 ? name : name.slice(0, end)).toLowerCase()
}
