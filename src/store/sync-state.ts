/** What a task remembers between runs. */
export interface SyncState {
  token(tenant: string, task: string): Promise<string | null>
  setToken(tenant: string, task: string, token: string | null, now: Date): Promise<void>
  /** Which record of the destination is which of the source: renames and deletes arrive by it. */
  identities(
    tenant: string,
    task: string,
    sourceIds: readonly string[],
  ): Promise<ReadonlyMap<string, Identity>>
  setIdentities(tenant: string, task: string, identities: readonly Identity[]): Promise<void>
  removeIdentities(tenant: string, task: string, sourceIds: readonly string[]): Promise<void>
  /** Ids of the source that are not among these: what a full refresh did not name. */
  allSourceIds(tenant: string, task: string): AsyncIterable<string>
  /** Soft deletes: since when each record of the destination is gone from the source. */
  departures(tenant: string, task: string): Promise<ReadonlyMap<string, Date>>
  setDepartures(tenant: string, task: string, destinationIds: readonly string[], now: Date): Promise<void>
  removeDepartures(tenant: string, task: string, destinationIds: readonly string[]): Promise<void>
}
export type Identity = {
  readonly sourceId: string
  readonly sourceName: string
  readonly destinationId: string
  readonly key: string
}

/** One runner per task across replicas: held while it is renewed, free again `seconds` after the last renewal. PostgreSQL's clock decides. */
export interface SyncLeases {
  /** Null when another holds it. */
  take(tenant: string, task: string, seconds: number): Promise<Lease | null>
  /** Who holds it now, for `sync list` and the pages. */
  holder(tenant: string, task: string): Promise<{ readonly holder: string; readonly until: Date } | null>
}
export interface Lease {
  /** False: it was lost, stop at once. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/** While a tenant is frozen no run writes. */
export interface SyncFreeze {
  read(tenant: string): Promise<{ readonly by: string; readonly at: Date; readonly reason: string } | null>
  freeze(tenant: string, by: string, reason: string, now: Date): Promise<void>
  thaw(tenant: string): Promise<boolean>
}
