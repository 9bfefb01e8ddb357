import { Gauge, type Registry } from 'prom-client'
import type { WatchedFigures } from './watch-figures.ts'

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | undefined]
type Figure = {
  name: string
  help: string
  labels: readonly string[]
  read: (watched: WatchedFigures) => Iterable<Sample>
}

const seconds = (date: Date): number => date.getTime() / 1_000

/** Of the directories' servers. */
const ofServers: readonly Figure[] = [
  {
    name: 'ldap_server_up',
    help: 'Whether a server of a directory lets the service account in: 1 or 0.',
    labels: ['tenant', 'directory', 'server'],
    read: (watched) => serversOf(watched).map(([labels, { isUp }]) => [labels, Number(isUp)]),
  },
  {
    name: 'ldap_replica_lag_seconds',
    help: 'How far a server is behind the newest change of all servers of its directory (contextCSN of OpenLDAP).',
    labels: ['tenant', 'directory', 'server'],
    read: (watched) => serversOf(watched).map(([labels, { lag }]) => [labels, lag]),
  },
  {
    name: 'ldap_database_used_ratio',
    help: 'How full the database of a server is, from 0 to 1 (mdb of OpenLDAP, as cn=Monitor tells).',
    labels: ['tenant', 'directory', 'server'],
    read: (watched) => serversOf(watched).map(([labels, { databaseUsed }]) => [labels, databaseUsed]),
  },
  {
    name: 'idaas_certificate_not_after_timestamp_seconds',
    help: 'When a certificate ends: of the servers of directories, and of the address of the tenant itself.',
    labels: ['tenant', 'server'],
    *read(watched) {
      for (const [{ tenant = '', server = '' }, { certificateEnds }] of serversOf(watched))
        yield [{ tenant, server }, certificateEnds && seconds(certificateEnds)]
      for (const { tenant, issuer, kept } of watched.issuers) {
        const end = kept.read()
        yield [{ tenant, server: issuer }, end ? seconds(end) : undefined]
      }
    },
  },
]

const ofAccounts: readonly Figure[] = [
  {
    name: 'idaas_accounts',
    help: 'People who may sign in, whatever the state of their accounts.',
    labels: ['tenant'],
    read: ({ accounts }) => accounts.map(({ tenant, kept }) => [{ tenant }, kept.read()?.people]),
  },
  {
    name: 'idaas_accounts_in_state',
    help: 'Of how many the account is locked, or the password has expired or does so within 7 days.',
    labels: ['tenant', 'state'],
    read: ({ accounts }) =>
      accounts.flatMap(({ tenant, kept }) =>
        [...(kept.read()?.inState ?? [])].map(([state, count]) => [{ tenant, state }, count] as const),
      ),
  },
]

/** What stands in the tables, which every worker reads. */
const ofDatabase: readonly Figure[] = [
  {
    name: 'idaas_jobs',
    help: 'Jobs of the queue: waiting (and due), active, given-up (of the last 24 hours).',
    labels: ['queue', 'state'],
    read: ({ database }) =>
      (database.read()?.queues ?? []).flatMap(({ name: queue, waiting, active, givenUp }) => [
        [{ queue, state: 'waiting' }, waiting] as const,
        [{ queue, state: 'active' }, active] as const,
        [{ queue, state: 'given-up' }, givenUp] as const,
      ]),
  },
  {
    name: 'idaas_jobs_oldest_seconds',
    help: 'For how long the oldest job that waits has done so; 0 when none does.',
    labels: ['queue'],
    read: ({ database }) =>
      (database.read()?.queues ?? []).map(({ name: queue, oldest }) => [{ queue }, oldest]),
  },
  {
    name: 'idaas_audit_open_segment_seconds',
    help: 'How long the open segment of the audit has taken events. It is closed after a day.',
    labels: ['tenant'],
    read: ({ database }) =>
      (database.read()?.openSegments ?? []).map(({ tenant, seconds: taken }) => [{ tenant }, taken]),
  },
  {
    name: 'idaas_backup_verified_timestamp_seconds',
    help: 'When a restored backup was last found whole, as `idaas backup-verified` noted; absent until it did.',
    labels: [],
    *read({ database }) {
      const at = database.read()?.backupVerified
      yield [{}, at ? seconds(at) : undefined]
    },
  },
]

const ofLooks: Figure = {
  name: 'idaas_look_up',
  help: 'Whether the last look at what these figures are of succeeded: 1 or 0. While it does not, its figures are absent.',
  labels: ['look'],
  *read({ servers, accounts, issuers, database }) {
    for (const { name, succeeded } of [
      ...[...servers, ...accounts, ...issuers].map(({ kept }) => kept),
      database,
    ]) {
      const last = succeeded()
      yield [{ look: name }, last === undefined ? undefined : Number(last)]
    }
  },
}

/** Figures of what is looked at in the background: reading them waits for nothing. What could not be seen is absent, never 0. */
export function describeWatched(registry: Registry, watched: WatchedFigures): void {
  for (const { name, help, labels, read } of [...ofServers, ...ofAccounts, ...ofDatabase, ofLooks])
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers: [],
        collect() {
          this.reset()
          for (const [of, value] of read(watched)) if (value !== undefined) this.set({ ...of }, value)
        },
      }),
    )
}

function serversOf({ servers }: WatchedFigures) {
  return servers.flatMap(({ tenant, directory, kept }) =>
    (kept.read() ?? []).map((one) => [{ tenant, directory, server: one.url }, one] as const),
  )
}
