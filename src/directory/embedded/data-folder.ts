import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDn, isKeyWithin, parseDn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import { formatLdif } from '../../ldap/ldif-writer.ts'
import { type LdifChange, type LdifRecord, parseLdif } from '../../ldap/ldif.ts'
import { withAttributes } from './differences.ts'
import { lockFolder } from './folder-lock.ts'
import { formatTransaction, Journal } from './journal.ts'
import { Refusal } from './refusal.ts'
import { attribute, stampNew } from './stamp.ts'
import type { Tree } from './tree.ts'

/**
 * Keeps a tree in a folder: `directory-N.ldif`, everything at some time, and `journal-N.ldif`, the changes since. The
 * number ties the two together: a crash between writing the one and emptying the other cannot apply a change twice.
 */
export type DataFolder = {
  /** Applies to the tree at once; the promise is kept when the changes are on disk. */
  commit(changes: readonly LdifChange[]): Promise<void>
  /** Waits for the disk, writes everything anew and lets the folder go. */
  close(): Promise<void>
}

export type DataFolderOptions = { folder: string; seed: string; clock: () => Date; compactAbove: number }

/** Fills the tree from the folder, or at the first start from the seed LDIF. Throws FolderInUse. */
export async function openDataFolder(tree: Tree, options: DataFolderOptions): Promise<DataFolder> {
  const lock = await lockFolder(options.folder)
  try {
    const number = await load(tree, options)
    const { journal, changes } = await Journal.open(join(options.folder, `journal-${number}.ldif`))
    for (const change of changes) tree.apply(change)
    await removeOthers(options.folder, number)
    const keeper = new Keeper(tree, options, number, journal)
    return {
      commit: (given) => keeper.commit(given),
      close: async () => {
        await keeper.close()
        await lock.release()
      },
    }
  } catch (error) {
    await lock.release()
    throw error
  }
}

// An export of another directory carries them; here they are computed from what they follow from.
const computed = ['memberOf', 'structuralObjectClass', 'entryDN', 'hasSubordinates', 'subschemaSubentry'].map(
  (name) => attribute(name),
)

/** Fills the tree and gives the number of the file it came from. */
async function load(tree: Tree, { folder, seed, clock }: DataFolderOptions): Promise<number> {
  const numbers = (await readdir(folder))
    .flatMap((name) => /^directory-(\d+)\.ldif$/.exec(name)?.[1] ?? [])
    .map(Number)
  const latest = numbers.length > 0 ? Math.max(...numbers) : undefined
  const path = latest === undefined ? seed : join(folder, `directory-${latest}.ldif`)
  for (const { line, entry } of parentsFirst(parseLdif(await readFile(path)), path)) {
    const { dn, attributes } = latest === undefined ? stampNew(entry, '', clock()) : entry
    const key = tree.keyOf(parseDn(dn))
    if (tree.find(key)) throw new Error(`${path}: line ${line}: an entry of this name is there already`)
    tree.apply({ type: 'add', dn, attributes: [...attributes.values()] })
    if (isLost(tree, key)) throw new Error(`${path}: line ${line}: the entry above this one is missing`)
  }
  if (latest !== undefined) return latest
  await writeAll(tree, folder, 1)
  return 1
}

function parentsFirst(records: readonly LdifRecord[], path: string): { line: number; entry: Entry }[] {
  const entries = records.map((record) => {
    if ('change' in record) throw new Error(`${path}: line ${record.line}: a change, expected entries`)
    const rdns = parseDn(record.entry.dn)
    const entry = withAttributes({ ...record.entry, dn: formatDn(rdns) }, computed)
    return { line: record.line, entry, depth: rdns.length }
  })
  return entries.toSorted((left, right) => left.depth - right.depth)
}

/** True for an entry below a naming context, but not attached to anything in it. */
function isLost(tree: Tree, key: string): boolean {
  const node = tree.find(key)
  return (
    node?.parent === undefined && [...tree.roots].some((root) => root !== node && isKeyWithin(key, root.key))
  )
}

/** The file has its name only when it is whole and on disk. */
async function writeAll(tree: Tree, folder: string, number: number): Promise<void> {
  let text = 'version: 1\n'
  for (const entry of tree.entries()) text += `\n${formatLdif(entry)}`
  const path = join(folder, `directory-${number}.ldif`)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(text, 'latin1')
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  const directory = await open(folder, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

async function removeOthers(folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = /^(?:directory|journal)-(\d+)\.ldif(?:\.new)?$/.exec(name)
    if (found && Number(found[1]) !== number) await rm(join(folder, name))
  }
}

type Waiting = { text: string; done: () => void; failed: (error: unknown) => void }

class Keeper {
  readonly #tree: Tree
  readonly #options: DataFolderOptions
  #number: number
  #journal: Journal
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #broken = false

  constructor(tree: Tree, options: DataFolderOptions, number: number, journal: Journal) {
    this.#tree = tree
    this.#options = options
    this.#number = number
    this.#journal = journal
  }

  async commit(changes: readonly LdifChange[]): Promise<void> {
    if (changes.length === 0) return
    if (this.#broken) throw new Refusal('unavailable', 'the data folder cannot be written')
    for (const change of changes) this.#tree.apply(change)
    await new Promise<void>((done, failed) => {
      this.#waiting.push({ text: formatTransaction(changes), done, failed })
      this.#running ??= this.#run().finally(() => (this.#running = undefined))
    })
  }

  /** All that came while the disk was busy goes in one write. */
  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0)
      try {
        if (this.#journal.size > this.#options.compactAbove) await this.#compact()
        else await this.#journal.append(batch.map(({ text }) => text))
        for (const { done } of batch) done()
      } catch (error) {
        this.#broken = true
        for (const { failed } of batch) failed(error)
      }
    }
  }

  /** What waits is in the tree already, so it is in the new file: it needs no line in a journal. */
  async #compact(): Promise<void> {
    const { folder } = this.#options
    const number = this.#number + 1
    await writeAll(this.#tree, folder, number)
    const { journal } = await Journal.open(join(folder, `journal-${number}.ldif`))
    await this.#journal.close()
    this.#journal = journal
    this.#number = number
    await removeOthers(folder, number)
  }

  async close(): Promise<void> {
    await this.#running
    if (this.#journal.size > 0 && !this.#broken) await this.#compact()
    await this.#journal.close()
  }
}
