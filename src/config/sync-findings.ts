import { CronExpressionParser } from 'cron-parser'
import type { Finding } from './config-fault.ts'
import { dnFault } from './ldap-text.ts'
import type { SyncConnectionKind } from './sync-connection-schema.ts'
import type { SyncConfig } from './sync-schema.ts'
import { sideFindings, type SyncSide } from './sync-side-schema.ts'
import type { SyncTaskConfig } from './sync-task-schema.ts'

/** What is wrong with a tenant's synchronization once each value has its form. */
export function syncFindings({ connections, tasks, lsc }: SyncConfig): Finding[] {
  const kinds = new Map(connections.map(({ name, kind }) => [name, kind]))
  const names = new Set(tasks.map(({ name }) => name))
  return [
    ...tasks.flatMap((task, index) => below(['tasks', index], taskFindings(task, kinds, names))),
    ...lsc.flatMap(({ schedule }, index) => below(['lsc', index], cronFindings(schedule))),
  ]
}

type Kinds = ReadonlyMap<string, SyncConnectionKind>

function taskFindings(task: SyncTaskConfig, kinds: Kinds, names: ReadonlySet<string>): Finding[] {
  const { source, destination, presence, clean, attributes } = task
  const asked = presence === undefined ? undefined : { ...source, ...presence }
  const target = clean.action === 'move' ? dnFault(clean.to) : undefined
  return [
    ...below(['source'], endFindings('source', source, kinds)),
    ...below(['destination'], endFindings('destination', destination, kinds)),
    ...(asked === undefined ? [] : below(['presence'], endFindings('source', asked, kinds))),
    ...Object.entries(attributes).flatMap(([name, { references = [] }]) =>
      [references].flat().flatMap((reference): Finding[] =>
        names.has(reference)
          ? []
          : [
              {
                path: ['attributes', name, 'references'],
                expected: `a task of this tenant (${[...names].join(', ')})`,
              },
            ],
      ),
    ),
    ...Object.entries(attributes).flatMap(([name, { from, value }]): Finding[] =>
      from !== undefined && value !== undefined
        ? [{ path: ['attributes', name], expected: '`from` or `value`, not both' }]
        : [],
    ),
    ...(target === undefined ? [] : [{ path: ['clean', 'to'], expected: target }]),
    ...cronFindings(task.schedule),
  ]
}

function endFindings(role: 'source' | 'destination', side: SyncSide, kinds: Kinds): Finding[] {
  if ((side.directory === undefined) === (side.connection === undefined))
    return [{ expected: '`directory` or `connection`' }]
  const kind = side.connection === undefined ? 'ldap' : kinds.get(side.connection)
  if (kind === undefined)
    return [
      {
        path: ['connection'],
        expected: `a connection of this tenant (${[...kinds.keys()].join(', ') || 'there is none'})`,
      },
    ]
  return sideFindings(kind, role, side)
}

function cronFindings(schedule: string | undefined): Finding[] {
  if (schedule === undefined || isCron(schedule)) return []
  return [
    {
      path: ['schedule'],
      expected: 'minute, hour, day, month and weekday: `15 2 * * *` is every night at 2:15',
    },
  ]
}

function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false
  try {
    CronExpressionParser.parse(text)
    return true
  } catch {
    return false
  }
}

function below(path: readonly (string | number)[], findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...path, ...(finding.path ?? [])] }))
}
