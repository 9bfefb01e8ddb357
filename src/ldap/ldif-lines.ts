import { LdapSyntaxError } from './syntax-error.ts'

/** A line without its folds, and where it begins. Text is latin1: one character is one byte of the file. */
export type LdifLine = { readonly line: number; text: string }

export type LdifLines = {
  /** The records that end in this chunk. A line, a fold or a record may end in the next one. */
  push: (chunk: Buffer | string) => LdifLine[][]
  /** The last record, when no empty line ended it. */
  end: () => LdifLine[][]
}

/** Cuts an LDIF into records, each a list of unfolded lines, without comments and `version:`. */
export function ldifLines(): LdifLines {
  let rest = ''
  let line = 0
  let record: LdifLine[] = []
  let inComment = false
  let atStart = true

  const finish = (records: LdifLine[][]): void => {
    if (atStart && record[0] && isVersion(record[0])) record.shift()
    if (record.length > 0) records.push(record)
    atStart &&= record.length === 0
    record = []
    inComment = false
  }
  const take = (physical: string, records: LdifLine[][]): void => {
    line++
    // The byte order mark that some editors write, as latin1.
    const text = physical.replace(line === 1 ? /^\u00EF\u00BB\u00BF|\r$/g : /\r$/, '')
    if (text === '') return finish(records)
    if (text.startsWith(' ')) {
      const last = record.at(-1)
      if (!inComment && !last) throw new LdapSyntaxError('ldif', `line ${line}: nothing to continue`)
      if (!inComment && last) last.text += text.slice(1)
      return undefined
    }
    inComment = text.startsWith('#')
    if (!inComment) record.push({ line, text })
    return undefined
  }
  return {
    push(chunk) {
      const records: LdifLine[][] = []
      const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      for (const physical of lines) take(physical, records)
      return records
    },
    end() {
      const records: LdifLine[][] = []
      for (const physical of [rest, '']) take(physical, records)
      rest = ''
      return records
    },
  }
}

function isVersion({ line, text }: LdifLine): boolean {
  if (!/^version:/i.test(text)) return false
  if (!/^version: *1$/i.test(text)) throw new LdapSyntaxError('ldif', `line ${line}: expected version: 1`)
  return true
}
