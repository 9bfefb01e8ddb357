import { SYNC_REQUEST } from '../../../../src/ldap/controls/sync-request.ts'
import type { PoolOptions } from '../../../../src/ldap/pool.ts'
import type { Feed, FeedEvent, Wanted } from '../../connector.ts'
import type { LdapSide } from '../ldap-side.ts'
import type { OpenLog } from './change-log.ts'
import { openDirSyncLog } from './dir-sync-log.ts'
import { openPersistentLog } from './persistent-log.ts'
import { polledChanges } from './polled.ts'
import type { Following } from './reconnecting.ts'
import { syncreplChanges } from './syncrepl.ts'
import { openUsnLog } from './usn-log.ts'

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

function wayOf({ product, server }: LdapSide): Way | undefined {
  // What is deleted is told by the product's own id.
  if (!product.isOwnId) return undefined
  if (product.kind === 'active-directory') return domainChanges
  if (product.kind === 'ds389') return persistentChanges
  if (server.controls.has(SYNC_REQUEST)) return syncreplChanges
  return undefined
}

/** By replication where the account may, else by the numbers of one controller. */
function domainChanges(
  side: LdapSide,
  following: Following,
  token: string | null,
  wanted: Wanted,
): AsyncIterable<FeedEvent> {
  const openLog: OpenLog = async (connection) =>
    (await openDirSyncLog(side, connection, wanted.attributes)) ?? (await openUsnLog(side, connection))
  return polledChanges(openLog, side, following, token, wanted)
}

function persistentChanges(
  side: LdapSide,
  following: Following,
  token: string | null,
  wanted: Wanted,
): AsyncIterable<FeedEvent> {
  const openLog: OpenLog = async (connection) => openPersistentLog(side, connection, following.follow)
  return polledChanges(openLog, side, following, token, wanted)
}
