import { type FileHandle, open } from 'node:fs/promises'
import { formatLdif } from '../../ldap/ldif-writer.ts'
import { type LdifChange, parseLdif } from '../../ldap/ldif.ts'

// Ends a transaction: what stands behind the last one was cut off by a crash. A value cannot hold it, lines of
// values begin with their name.
const end = '# end\n\n'

/** The changes since the last full LDIF, as LDIF change records, each transaction whole or not there. */
export class Journal {
  readonly #file: FileHandle
  #size: number

  private constructor(file: FileHandle, size: number) {
    this.#file = file
    this.#size = size
  }

  /** Opens or makes it, and gives what it holds. A tail that a crash cut off is removed. */
  static async open(path: string): Promise<{ journal: Journal; changes: LdifChange[] }> {
    const file = await open(path, 'a+', 0o600)
    const text = await file.readFile('latin1')
    const last = text.lastIndexOf(`\n${end}`)
    const size = last < 0 ? 0 : last + 1 + end.length
    if (size < text.length) await file.truncate(size)
    const records = parseLdif(Buffer.from(text.slice(0, size), 'latin1'))
    const changes = records.flatMap((record) => ('change' in record ? [record.change] : []))
    return { journal: new Journal(file, size), changes }
  }

  /** Bytes in the file. */
  get size(): number {
    return this.#size
  }

  /** Writes and waits for the disk. */
  async append(transactions: readonly string[]): Promise<void> {
    const text = Buffer.from(transactions.join(''), 'latin1')
    await this.#file.appendFile(text)
    await this.#file.datasync()
    this.#size += text.length
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/** The text of one transaction. */
export function formatTransaction(changes: readonly LdifChange[]): string {
  return changes.map((change) => `${formatLdif({ line: 0, change, controls: [] })}\n`).join('') + end
}
