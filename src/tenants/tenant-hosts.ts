import { hostNameOf } from '../config/host-name.ts'

type Hosted = { readonly issuer: string; readonly config: { readonly hosts: readonly string[] } }

/** Whose a request is. `redirect`: it came by an extra host name and belongs on the issuer. `unknown`: answer 421. */
export type HostMatch<T extends Hosted> =
  | { readonly kind: 'tenant'; readonly tenant: T }
  | { readonly kind: 'redirect'; readonly tenant: T }
  | { readonly kind: 'unknown' }

/**
 * Makes the look-up by the value of the Host header (or HTTP/2's :authority). Host names match exactly, whatever their case, port or dot
 * at the end; no part of a name and no wildcard does. The configuration has seen to it that no two tenants share one.
 */
export function tenantByHost<T extends Hosted>(
  tenants: readonly T[],
): (host: string | undefined) => HostMatch<T> {
  const matches = new Map<string | undefined, HostMatch<T>>()
  for (const tenant of tenants) {
    for (const host of tenant.config.hosts) matches.set(hostNameOf(host), { kind: 'redirect', tenant })
    matches.set(hostNameOf(new URL(tenant.issuer).host), { kind: 'tenant', tenant })
  }
  // What is no host name is nobody's.
  matches.delete(undefined)
  return (host) => (host === undefined ? undefined : matches.get(hostNameOf(host))) ?? { kind: 'unknown' }
}
