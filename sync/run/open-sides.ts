import type { DirectoryConfig, DirectoryKind } from '../../src/config/directory-schema.ts'
import type { TenantConfig } from '../../src/config/tenant-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { toDn } from '../../src/ldap/dn.ts'
import type { AccountActs } from '../apply/apply-one.ts'
import { ApplyFailure, type Destination, type Source } from '../connectors/connector.ts'
import { openScriptDirectory } from '../connectors/ldap/script-directory.ts'
import { openDestination, openSource } from '../connectors/open-connector.ts'
import type { ScriptDirectory } from '../expressions/expressions.ts'
import type { SideSpec, Task } from '../task/task.ts'

/** Both sides of a task, open. */
export type Sides = {
  readonly source: Source
  readonly destination: Destination
  readonly presence: Source | null
  /** Disables accounts as the service desk does; null where the destination is no directory of the tenant. */
  readonly accounts: AccountActs
  /** Whose account attributes the destination has; null where it has none. */
  readonly accountKind: DirectoryKind | null
  /** For scripts that read directories themselves. */
  readonly scripts: { readonly source?: ScriptDirectory; readonly destination?: ScriptDirectory }
  close(): Promise<void>
}

/** What of a tenant the sides of its tasks are in. */
export type SidesOf = {
  readonly config: Pick<TenantConfig, 'directories'>
  readonly directories: ReadonlyMap<string, Directory>
}

/** Opens both sides of a task. Throws `IncompleteSource` when a server does not answer. */
export async function openSides(tenant: SidesOf, task: Task, clock: () => Date): Promise<Sides> {
  const opened: { close(): Promise<void> }[] = []
  const open = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const side = await opening
    opened.push(side)
    return side
  }
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((side) => side.close()))
  }
  const directory = directoryOf(tenant, task.destination)
  try {
    return {
      destination: await open(
        openDestination(connectionOf(tenant, task.destination), task.destination.options, clock),
      ),
      source: await open(openSource(connectionOf(tenant, task.source), task.source.options, clock)),
      presence:
        task.presence === null
          ? null
          : await open(openSource(connectionOf(tenant, task.presence), task.presence.options, clock)),
      accounts: directory === null ? null : accountActs(directory, clock),
      accountKind: directory?.kind ?? null,
      scripts: await openScripts(tenant, task, open),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** What the scripts of a task of LSC read themselves. */
async function openScripts(
  tenant: SidesOf,
  task: Task,
  open: <T extends { close(): Promise<void> }>(opening: Promise<T>) => Promise<T>,
): Promise<Sides['scripts']> {
  const side = async (of: 'source' | 'destination'): Promise<Sides['scripts']> => {
    const context = task.scripting?.contexts[of]
    const connection = connectionOf(tenant, task[of])
    if (context === undefined || connection.kind !== 'ldap') return {}
    return { [of]: await open(openScriptDirectory(connection, context)) }
  }
  return { ...(await side('source')), ...(await side('destination')) }
}

function directoryOf({ directories }: SidesOf, { to }: SideSpec): Directory | null {
  return 'directory' in to ? (directories.get(to.directory) ?? null) : null
}

/** A directory of the tenant is a connection like others, of a product that is known. */
function connectionOf({ config, directories }: SidesOf, { to }: SideSpec) {
  if ('connection' in to) return to.connection
  const directory = config.directories.find(({ name }) => name === to.directory)
  if (directory === undefined) throw new TypeError(`no directory is named ${to.directory}`)
  return asConnection(directory, directories.get(to.directory)?.kind)
}

function asConnection(directory: DirectoryConfig, product: DirectoryKind | undefined) {
  const { name, urls, primaries, startTls, allowCleartext, ca, bind, poolSize, connectTimeout } = directory
  // Pages of a whole directory take longer than what a person waits for.
  const operationTimeout = Math.max(directory.operationTimeout, 30_000)
  const usual = { name, urls, primaries, startTls, allowCleartext, ca, bind, poolSize, connectTimeout }
  return { kind: 'ldap' as const, product, ...usual, operationTimeout }
}

function accountActs(directory: Directory, clock: () => Date): AccountActs {
  const check = (outcome: string): void => {
    if (outcome === 'not-enforced')
      throw new ApplyFailure('refused', outcome, 'the server would not hold to it: idaas check tells why')
    if (outcome === 'not-supported') throw new ApplyFailure('refused', outcome, 'the server cannot do it')
  }
  return {
    disable: async (name) => check(await directory.disable(toDn(name), clock())),
    enable: async (name) => check(await directory.enable(toDn(name))),
  }
}
