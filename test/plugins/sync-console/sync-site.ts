import { createSyncFreeze } from '../../../src/store/sync-freeze.ts'
import { createSyncJournal } from '../../../src/store/sync-journal.ts'
import { createSyncLeases } from '../../../src/store/sync-leases.ts'
import {
  createSyncRuns,
  noCounts,
  type Run,
  type RunRequest,
  type RunState,
} from '../../../src/store/sync-runs.ts'
import { groupDn } from '../../accounts/use-desk.ts'
import type { Slapd } from '../../support/slapd.ts'
import type { testTenant } from '../../support/tenant.ts'
import { startDeskService, tokenOf } from '../service-desk/desk-service.ts'

export type SyncSite = Awaited<ReturnType<typeof startSyncSite>>

type SyncInput = NonNullable<NonNullable<Parameters<typeof testTenant>[1]>['sync']>

const secret = 'robot-secret-robot-secret'
const apiScopes = ['sync.read' as const, 'sync.run' as const, 'audit.read' as const]
const robot = (id: string) => ({ id, secret, grants: ['client_credentials' as const], apiScopes })

/**
 * The whole service with two tasks and no worker: the test does what the engine would, unless it starts one for tasks of its own. Clients: `engineer` may run tasks, `watcher` see them, `nobody` neither,
 * `local` has a role with a reach. Of people: `ada` runs, `hugo` sees.
 */
export async function startSyncSite(slapd: Slapd, sync: SyncInput = { tasks: tasksOf(slapd) }) {
  const service = await startDeskService(slapd, {
    changes: {
      displayName: 'Acme Industries',
      clients: ['engineer', 'watcher', 'nobody', 'local'].map(robot),
      roles: [
        {
          name: 'engineer',
          groups: [groupDn('administrators')],
          clients: ['engineer'],
          permissions: ['sync.read', 'sync.run', 'audit.read'],
          rank: 50,
        },
        {
          name: 'watcher',
          groups: [groupDn('service-desk')],
          clients: ['watcher'],
          permissions: ['sync.read'],
          rank: 5,
        },
        {
          name: 'local',
          clients: ['local'],
          permissions: ['sync.read', 'sync.run'],
          rank: 5,
          reach: [{ base: slapd.suffix }],
        },
      ],
      sync,
    },
  })
  const { database } = service
  return {
    service,
    runs: createSyncRuns(database),
    journal: createSyncJournal(database),
    freeze: createSyncFreeze(database),
    leases: createSyncLeases(database, 'worker-7 (4242)'),
    token: (client: string) => tokenOf(service, client, apiScopes),
    stop: () => service.stop(),
  }
}

function tasksOf({ suffix }: Slapd) {
  const side = (branch: string) => ({ directory: 'main', base: `ou=${branch},${suffix}` })
  return [
    {
      name: 'people',
      description: 'Accounts of the staff, from the personnel system',
      source: side('people'),
      destination: side('people'),
      pivots: ['employeeNumber'],
      attributes: { cn: {} },
      schedule: '15 2 * * *',
    },
    {
      name: 'groups',
      source: side('groups'),
      destination: side('groups'),
      pivots: ['cn'],
      attributes: { cn: {} },
      follow: true,
    },
  ]
}

export const minutes = (count: number): Date => new Date(Date.UTC(2026, 10, 24, 9, count))

/** A run as the engine would have left it in `state`. */
export async function leaveRun(
  { runs }: Pick<SyncSite, 'runs'>,
  state: RunState,
  {
    counts = {},
    guards = [],
    failure = null,
    minute = 0,
    ...request
  }: Partial<Omit<Run, 'counts' | 'state'>> & {
    counts?: Partial<Run['counts']>
    minute?: number
  } = {},
): Promise<Run> {
  const asked: RunRequest = {
    tenant: 'acme',
    task: 'people',
    kind: 'full',
    preview: false,
    requestedBy: 'schedule',
    only: null,
    undoes: null,
    ...request,
  }
  const { id } = await runs.request(asked, minutes(minute))
  const extra = { counts: { ...noCounts, ...counts }, guards, ...(failure !== null && { failure }) }
  if (state !== 'queued') await runs.advance(id, ['queued'], 'reading', minutes(minute), extra)
  if (state !== 'queued' && state !== 'reading')
    await runs.advance(id, ['reading'], state, minutes(minute + 3), extra)
  const run = await runs.read(asked.tenant, id)
  if (run === null) throw new Error('the run is gone')
  return run
}
