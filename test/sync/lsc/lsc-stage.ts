import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { syncFindings } from '../../../src/config/sync-findings.ts'
import { syncSchema } from '../../../src/config/sync-schema.ts'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { lscToYaml } from '../../../sync/lsc/lsc-to-yaml.ts'
import { openLsc, type OpenedLsc } from '../../../sync/lsc/open-lsc.ts'
import { openSides } from '../../../sync/run/open-sides.ts'
import type { Task } from '../../../sync/task/task.ts'
import { resolveTasks } from '../../../sync/task/resolve-task.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, tenant, type TestEngine } from '../engine.ts'

export const suffix = 'dc=example,dc=org'
export const nothing = { create: 0, update: 0, rename: 0, delete: 0, disable: 0, enable: 0 }
const units = [
  'rh',
  'people',
  'staff',
  'teams',
  'comptes',
  'groupes',
  'agents',
  'versad',
  'vif',
  'miroir',
  'poste',
]

/** A directory with empty branches for each of the files in `files/`, and the engine. */
export type LscStage = {
  readonly slapd: Slapd
  readonly root: Connection
  readonly engine: TestEngine
  /** What the files name as `${NAME}`. */
  readonly environment: Record<string, string>
  open(name: string, options?: { compat?: 'lsc'; ca?: string }): Promise<OpenedLsc>
  /** Its tasks by way of our YAML, checked as a configuration is. */
  converted(name: string, options?: { ca?: string }): Promise<readonly Task[]>
  /** Runs tasks as `-s all -c all`, approves what a guard holds, and gives what each has done. */
  run(tasks: readonly Task[]): Promise<readonly RunSummary[]>
  put(base: string, uid: string, attributes: Record<string, string | string[]>): Promise<void>
  /** Entries by RDN, attributes by lower-cased name. */
  below(base: string): Promise<Record<string, Record<string, string[]>>>
  stop(): Promise<void>
}
type RunSummary = typeof nothing &
  Record<'task' | 'state' | 'failed' | 'guards' | 'failure' | 'findings', unknown>

export async function startStage(): Promise<LscStage> {
  const ldif = join(tmpdir(), `lsc-${process.pid}-${Math.random()}.ldif`)
  const ous = units.map((ou) => `dn: ou=${ou},${suffix}\nobjectClass: organizationalUnit\nou: ${ou}\n`)
  const top = `dn: ${suffix}\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n`
  await writeFile(ldif, [top, ...ous].join('\n'))
  const slapd = await startSlapd({ seed: { ldif }, overlays: ['syncprov'] })
  const root = await connect({ url: slapd.url, bind: { dn: slapd.rootDn, password: slapd.rootPassword } })
  const environment: Record<string, string> = {
    RH_URL: slapd.url,
    LSC_DN: slapd.rootDn,
    LSC_PASSWORD: slapd.rootPassword,
  }
  const nowhere = { config: { directories: [] }, directories: new Map() }
  const engine = await startEngine((task) => openSides(nowhere, task, () => new Date()))
  return {
    slapd,
    root,
    engine,
    environment,
    open: (name, options = {}) =>
      openLsc(join(import.meta.dirname, 'files', name), {
        environment,
        tenant,
        clean: true,
        compat: null,
        ...options,
      }),
    converted: (name, options = {}) =>
      convert(join(import.meta.dirname, 'files', name), { environment, ...options }),
    run: (tasks) => runAll(engine, tasks),
    async put(base, uid, attributes) {
      const all = Object.entries({ objectClass: 'inetOrgPerson', uid, cn: uid, sn: uid, ...attributes })
      const lists = all.map(([name, values]) => [name, [values].flat()])
      await root.add(`uid=${uid},${base}`, Object.fromEntries(lists))
    },
    async below(base) {
      const { entries } = await root.searchAll({ base, scope: 'one' })
      return Object.fromEntries(
        entries.map((entry) => [
          entry.dn.split(',')[0],
          Object.fromEntries(
            [...entry.attributes.keys()].map((name) => [name, text(entry, name).toSorted()]),
          ),
        ]),
      )
    },
    async stop() {
      root.unbind()
      await engine.close()
      await slapd.stop()
    },
  }
}

async function runAll(engine: TestEngine, tasks: readonly Task[]): Promise<RunSummary[]> {
  const done = []
  for (const task of tasks) {
    const first = await engine.run(task)
    // Of three records, every one that is gone is more than a guard lets pass.
    if (first.state === 'held') await engine.services.runs.approve(tenant, first.id, 'ada', new Date())
    const finished = first.state === 'held' ? await engine.goOn(first, task) : first
    const { state, counts, guards, failure } = finished
    const findings = await engine.findings(finished)
    const failed = (await engine.rows(finished)).flatMap(({ error }) => error ?? [])
    done.push({ task: task.name, state, failed, guards, failure, findings, ...counts.planned })
  }
  return done
}

async function convert(folder: string, options: Parameters<typeof lscToYaml>[1]): Promise<readonly Task[]> {
  const { yaml } = await lscToYaml(folder, options)
  const known = yaml.replace(
    /\$\{env:(\w+)\}/g,
    (_, variable: string) => options.environment[variable] ?? 'unknown',
  )
  const sync = syncSchema.parse(parse(known).sync)
  expect(syncFindings(sync)).toEqual([])
  for (const { lsc } of sync.tasks) if (lsc) lsc.includes = lsc.includes.map((path) => join(folder, path))
  return resolveTasks({ name: tenant, sync })
}
