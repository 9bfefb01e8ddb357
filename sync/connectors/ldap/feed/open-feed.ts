import { SYNC_REQUEST } from '../../../../src/ldap/controls/sync-request.ts'
import type { PoolOptions } from '../../../../src/ldap/pool.ts'
import type { Feed, FeedEvent, Wanted } from '../../connector.ts'
import type { LdapSide } from '../ldap-side.ts'
import type { Following } from './reconnecting.ts'
import { syncreplChanges } from './syncrepl.ts'

/** How the server tells what changes; undefined when it cannot. `closed` is aborted when the side is closed. */
export function openFeed(side: LdapSide, servers: PoolOptions, closed: AbortSignal): Feed | undefined {
  const way = wayOf(side)
  if (way === undefined) return undefined
  return {
    changes: (token, wanted, { follow }) => {
      const signal = wanted.signal === undefined ? closed : AbortSignal.any([wanted.signal, closed])
      return way(side, { servers, where: side.base, follow, signal }, token, wanted)
    },
  }
}

type Way = (
  side: LdapSide,
  following: Following,
  token: string | null,
  wanted: Wanted,
) => AsyncIterable<FeedEvent>

function wayOf({ product, server, options }: LdapSide): Way | undefined {
  // What is deleted is told by the product's own id.
  if (!product.isOwnId) return undefined
  if (server.controls.has(SYNC_REQUEST) && options.scope !== 'children') return syncreplChanges
  return undefined
}
