import { dirname, resolve } from 'node:path'
import { brandingFaults, brandingFiles } from './branding/branding-faults.ts'
import { ConfigError, formatPath, type ConfigFault, type ConfigWarning, type Place } from './config-fault.ts'
import { crossCheck } from './cross-check.ts'
import { mergeFiles } from './merge-files.ts'
import { readSource } from './read-source.ts'
import { moveRenamed, renamedKeys, type Renamed } from './renamed.ts'
import { validate } from './schema-faults.ts'
import type { Config } from './schema.ts'
import { findAll, isEmpty, nodeAt, type MapNode } from './source-tree.ts'
import { substitute, type Environment } from './substitute.ts'

export type LoadedConfig = { config: Config; warnings: readonly ConfigWarning[] }

/**
 * Reads the file or folder that `IDAAS_CONFIG` names and checks all of it, without any connection. `PORT` goes before `server.port`.
 * Throws one ConfigError with every fault. `renamed` is for tests.
 */
export async function loadConfig(
  env: Environment,
  renamed: readonly Renamed[] = renamedKeys,
): Promise<LoadedConfig> {
  const { config, faults, lacking, warnings } = await examineConfig(env, renamed)
  if (config === null || lacking.length > 0 || faults.length > 0)
    throw new ConfigError([...faults, ...lacking].toSorted(byPlace))
  return { config, warnings }
}

export type ExaminedConfig = {
  /** Null where its form is not right, for a fault or for what is lacking. */
  config: Config | null
  tenants: readonly string[]
  faults: readonly ConfigFault[]
  /** References to variables and files that are not here. What follows from them is no fault. */
  lacking: readonly ConfigFault[]
  warnings: readonly ConfigWarning[]
}

/** As `loadConfig`, and tells what there is instead of throwing. */
export async function examineConfig(
  env: Environment,
  renamed: readonly Renamed[] = renamedKeys,
): Promise<ExaminedConfig> {
  const source = env['IDAAS_CONFIG']
  if (source === undefined || source === '') throw new ConfigError([noSource])

  const files = await readSource(source)
  const { root, faults: merging } = mergeFiles(files, { file: source })
  const moved = moveRenamed(root, renamed)
  const substituted = await substitute(root, env)
  resolvePaths(root)
  setPort(root, env['PORT'])
  const isWhole = files.every((file) => !file.broken)
  const formed = validate(root)
  const checked = crossCheck(root, isWhole)
  const branding = await brandingFaults(root)

  const { lacking = [], wrong = [] } = Object.groupBy(substituted, ({ isLacking }) =>
    isLacking ? 'lacking' : 'wrong',
  )
  const faults = [...files.flatMap((file) => file.faults), ...merging, ...moved.faults, ...wrong]
  const said = pathsOf([...faults, ...lacking])
  if ('faults' in formed) faults.push(...formed.faults.filter((fault) => isNews(root, fault, said, isWhole)))
  const misformed = pathsOf([...faults, ...lacking])
  faults.push(...[...checked.faults, ...branding].filter(({ path }) => !misformed.has(formatPath(path))))
  return {
    config: 'config' in formed ? formed.config : null,
    tenants: tenantNames(root),
    faults: faults.toSorted(byPlace),
    lacking,
    warnings: [...moved.warnings, ...checked.warnings],
  }
}

function tenantNames(root: MapNode): string[] {
  return findAll(root, 'tenants[].name').flatMap((path) => {
    const node = nodeAt(root, path)
    return node?.kind === 'scalar' ? [String(node.value)] : []
  })
}

const noSource: ConfigFault = {
  place: { file: 'environment' },
  path: ['IDAAS_CONFIG'],
  found: 'nothing',
  expected: 'a file or a folder of YAML (`idaas demo` needs none)',
}

const paths = [
  'mail.ca',
  'tenants[].directories[].ca',
  'tenants[].passwordPolicy.blocklists[]',
  'tenants[].sync.connections[].ca',
  'tenants[].sync.connections[].path',
  'tenants[].sync.tasks[].*.path',
  'tenants[].sync.tasks[].hooks[].command',
  'tenants[].sync.tasks[].lsc.includes[]',
  'tenants[].sync.tasks[].lsc.key',
  'tenants[].sync.includes[]',
  'tenants[].sync.lsc[].file',
  'tenants[].sync.lsc[].ca',
  ...Object.keys(brandingFiles),
]

/** Paths of files are relative to the file that names them: a folder can be checked before it is mounted elsewhere. */
function resolvePaths(root: MapNode): void {
  for (const pattern of paths) {
    for (const path of findAll(root, pattern)) {
      const node = nodeAt(root, path)
      if (node?.kind !== 'scalar' || typeof node.value !== 'string') continue
      node.written ??= node.value
      node.value = resolve(dirname(node.place.file), node.value)
    }
  }
}

function setPort(root: MapNode, port: string | undefined): void {
  if (port === undefined || port === '') return
  const place: Place = { file: 'environment (PORT)' }
  const node = { kind: 'scalar', place, value: /^\d+$/.test(port) ? Number(port) : port } as const
  const server = root.entries.get('server')?.node
  if (server?.kind === 'map') server.entries.set('port', { place, node })
  else if (server === undefined || isEmpty(server)) {
    const entries = new Map([['port', { place, node }]])
    root.entries.set('server', { place, node: { kind: 'map', place, entries } })
  }
}

function pathsOf(faults: readonly ConfigFault[]): ReadonlySet<string> {
  return new Set(faults.map(({ path }) => formatPath(path)))
}

/** Not a consequence of what is said already: a text that could not be put together, or a file that could not be read to its end. */
function isNews(root: MapNode, { path }: ConfigFault, said: ReadonlySet<string>, isWhole: boolean): boolean {
  if (path.length > 0 && said.has(formatPath(path))) return false
  const node = nodeAt(root, path)
  return isWhole || (node !== undefined && !isEmpty(node))
}

function byPlace({ place: a }: ConfigFault, { place: b }: ConfigFault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
