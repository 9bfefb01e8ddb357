import { type Control, findControl } from '../control.ts'

/** RFC 4370: act as somebody else, whose rights count, on the credentials of the bound user. */
const PROXIED_AUTHORIZATION = '2.16.840.1.113730.3.4.18'

/** `identity` is `dn:...`, `u:...`, or empty for anonymous. Always critical (RFC 4370, 3). */
export function proxiedAuthorization(identity: string): Control {
  return { oid: PROXIED_AUTHORIZATION, critical: true, value: Buffer.from(identity) }
}

export function readProxiedAuthorization(controls: readonly Control[]): string | undefined {
  const control = findControl(controls, PROXIED_AUTHORIZATION)
  return control && (control.value?.toString('utf8') ?? '')
}
