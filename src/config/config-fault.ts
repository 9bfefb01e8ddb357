/** Keys and list positions from the root of the merged configuration. */
export type Path = readonly (string | number)[]

/** Where something is written. Line and column count from 1; absent for what no file holds. */
export type Place = { file: string; line?: number; column?: number }

/**
 * One thing that is wrong. `found` and `expected` complete a sentence and never hold the value of a secret, nor one that a
 * `${env:}` or `${file:}` brought in.
 */
export type ConfigFault = { place: Place; path: Path; found: string; expected: string }

/** Something to change before it becomes a fault; the configuration is used all the same. */
export type ConfigWarning = { place: Place; path: Path; text: string }

/** What a check says of a value: `path` is relative to it. A fault, unless it is a warning. */
export type Finding = { path?: Path; expected: string } | { path?: Path; warning: string }

/** All that is wrong with a configuration, in the order of the files. Its message is what `printFaults` makes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(printFaults(faults))
    this.faults = faults
  }
}

/** One block for each fault: where, what was found, what was expected. `bold` sets off the place on a terminal. */
export function printFaults(faults: readonly ConfigFault[], bold = (text: string) => text): string {
  const blocks = faults.map(({ place, path, found, expected }) => {
    const where = `${bold(formatPlace(place))}  ${formatPath(path)}`.trimEnd()
    return `${where}\n  found     ${found}\n  expected  ${expected}\n`
  })
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  return [...blocks, `${count} in the configuration`].join('\n')
}

/** `file:line:column`, as editors and terminals make a link of. */
export function formatPlace({ file, line, column }: Place): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`
}

/** `tenants[0].directories[0].urls[1]`; a key that is no plain name is quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    if (!/^[\w-]+$/.test(step)) return `${text}[${JSON.stringify(step)}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}
