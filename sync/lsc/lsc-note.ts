/**
 * Something of an lsc.xml that is not as LSC did it. `cannot`: what it is in (a task, a connection, the clean phase of a task) is not run; `differs`: it is done, but
 * otherwise; `ignored`: it has no effect here.
 */
export type LscNote = {
  readonly weight: 'cannot' | 'differs' | 'ignored'
  readonly line: number
  readonly text: string
}

/** `lsc.xml:12: cannot: …`, as compilers do. */
export function formatNote(file: string, { weight, line, text }: LscNote): string {
  return `${file}:${line}: ${weight}: ${text}`
}

/** The file is no lsc.xml that anything could be made of. */
export class LscFault extends Error {
  override readonly name = 'LscFault'
  readonly line: number
  constructor(line: number, text: string) {
    super(text)
    this.line = line
  }
}
