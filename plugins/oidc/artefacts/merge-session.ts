import { isDeepStrictEqual } from 'node:util'
import type { AdapterPayload } from 'oidc-provider'

/**
 * Joins what two requests made of one browser session. The session is one document and the last writer would win, so that of five
 * applications opened at once four could not use their codes. What this request left as it found it takes the other's value; what it changed,
 * and a client that it took out on purpose, stays so. Clients are told apart, times are always this request's.
 */
export function mergeSession(
  base: AdapterPayload,
  ours: AdapterPayload,
  theirs: AdapterPayload,
): AdapterPayload {
  const { iat, exp } = ours
  const authorizations = mergeFields(
    base.authorizations ?? {},
    ours.authorizations ?? {},
    theirs.authorizations ?? {},
  )
  return { ...mergeFields(base, ours, theirs), iat, exp, authorizations }
}

/** Three-way merge of plain objects, field by field. */
function mergeFields<T extends object>(base: T, ours: T, theirs: T): T {
  const merged = { ...theirs }
  const names = new Set([...Object.keys(base), ...Object.keys(ours)])
  for (const name of names) {
    const value: unknown = Reflect.get(ours, name)
    if (isDeepStrictEqual(value, Reflect.get(base, name))) continue
    if (value === undefined) Reflect.deleteProperty(merged, name)
    else Reflect.set(merged, name, value)
  }
  return merged
}
