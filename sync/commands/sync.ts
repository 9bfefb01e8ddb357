import { nearestName } from '../../src/config/nearest-name.ts'
import type { CommandHost } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'

type Subcommand = {
  readonly usage: string
  readonly summary: string
  readonly load: () => Promise<(args: string[], host: CommandHost) => Promise<number>>
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  list: {
    usage: 'list',
    summary: 'the tasks, when they run, how their last run ended',
    load: async () => (await import('./list.ts')).list,
  },
  check: {
    usage: 'check TASK... | check --all [--strict]',
    summary: 'faults of a mapping, looked for in the schemas and in the first entries; nothing is written',
    load: async () => (await import('./check.ts')).check,
  },
  test: {
    usage: 'test FOLDER [--update]',
    summary: 'run the cases FOLDER/TASK/CASE (source, destination, expected.ldif) in memory, for a pipeline',
    load: async () => (await import('./test.ts')).test,
  },
  plan: {
    usage: 'plan TASK [--only ATTRIBUTE=VALUE]',
    summary: 'what a run would do: old -> new and the rule that causes it; nothing is written',
    load: async () => (await import('./run.ts')).plan,
  },
  run: {
    usage: 'run TASK... | run --all [--only ATTRIBUTE=VALUE]',
    summary: 'run tasks, one after the other',
    load: async () => (await import('./run.ts')).run,
  },
  history: {
    usage: 'history [TASK]',
    summary: 'the last runs',
    load: async () => (await import('./history.ts')).history,
  },
  show: {
    usage: 'show RUN',
    summary: 'a run with what it changed and what it found',
    load: async () => (await import('./history.ts')).show,
  },
  approve: {
    usage: 'approve RUN [--lsc LSC.XML]',
    summary: 'apply just the plan of a preview, or of a run that a guard holds',
    load: async () => (await import('./decide.ts')).approve,
  },
  cancel: {
    usage: 'cancel RUN',
    summary: 'stop a run, or throw its plan away',
    load: async () => (await import('./decide.ts')).cancel,
  },
  undo: {
    usage: 'undo RUN [--preview] [--lsc LSC.XML]',
    summary: 'take back what a run has done, where nobody has changed it since',
    load: async () => (await import('./run.ts')).undo,
  },
  'import-lsc': {
    usage: 'import-lsc LSC.XML [--ca FILE] | import-lsc LSC.XML --run TASK [--preview] [--clean]',
    summary:
      'convert a configuration of LSC to tasks (YAML), and tell on stderr what is different; or run one of its tasks as it is',
    load: async () => (await import('./import-lsc.ts')).importLsc,
  },
  freeze: {
    usage: 'freeze REASON',
    summary: 'let no run of the tenant write',
    load: async () => (await import('./decide.ts')).freeze,
  },
  thaw: {
    usage: 'thaw',
    summary: 'let them write again',
    load: async () => (await import('./decide.ts')).thaw,
  },
}

/** The commands of the synchronization. */
export async function sync([name, ...args]: string[], host: CommandHost): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return print(help())
  const known = Object.keys(subcommands)
  const found = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined
  if (found === undefined) {
    const near = nearestName(name, known)
    const rather = near === undefined ? `there is ${known.join(', ')}` : `did you mean "${near}"?`
    process.stderr.write(`"sync ${name}" is no command: ${rather}\n`)
    return exitCodes.usage
  }
  if (args.includes('--help') || args.includes('-h'))
    return print(`idaas sync ${found.usage}\n${found.summary}`)
  return await (
    await found.load()
  )(args, host)
}

function help(): string {
  const lines = Object.values(subcommands).map(
    ({ usage, summary }) => `  idaas sync ${usage}\n      ${summary}`,
  )
  return [
    'idaas sync COMMAND [--config PATH] [--tenant NAME] [--json]\n',
    ...lines,
    '\n--tenant is needed where the configuration has several.',
    'Exit codes: 0 done, 2 entries with errors, 3 a guard holds the plan, 4 a side was not read to its end, 5 configuration, 6 the task is running already, 64 wrong use of the command, 1 anything else.',
  ].join('\n')
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCodes.done
}
