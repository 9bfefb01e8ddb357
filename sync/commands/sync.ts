import { nearestName } from '../../src/config/nearest-name.ts'
import { commandText as t } from '../../src/messages/command-text.ts'
import type { CommandHost } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'

type Subcommand = (args: string[], host: CommandHost) => Promise<number>

/** In the order in which they are listed; each has its texts in `src/messages`. */
const subcommands = {
  list: async () => (await import('./list.ts')).list,
  check: async () => (await import('./check.ts')).check,
  test: async () => (await import('./test.ts')).test,
  plan: async () => (await import('./run.ts')).plan,
  run: async () => (await import('./run.ts')).run,
  history: async () => (await import('./history.ts')).history,
  show: async () => (await import('./history.ts')).show,
  approve: async () => (await import('./decide.ts')).approve,
  cancel: async () => (await import('./decide.ts')).cancel,
  undo: async () => (await import('./run.ts')).undo,
  'import-lsc': async () => (await import('./import-lsc.ts')).importLsc,
  freeze: async () => (await import('./decide.ts')).freeze,
  thaw: async () => (await import('./decide.ts')).thaw,
} satisfies Record<string, () => Promise<Subcommand>>

function isSubcommand(name: string): name is keyof typeof subcommands {
  return Object.hasOwn(subcommands, name)
}

/** The commands of the synchronization. */
export async function sync([name, ...args]: string[], host: CommandHost): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return print(help())
  if (!isSubcommand(name)) {
    process.stderr.write(`${unknown(name)}\n`)
    return exitCodes.usage
  }
  if (args.includes('--help') || args.includes('-h'))
    return print(`idaas sync ${t(`sync.command.${name}.usage`)}\n${t(`sync.command.${name}.summary`)}`)
  const act: Subcommand = await subcommands[name]()
  return await act(args, host)
}

function unknown(name: string): string {
  const known = Object.keys(subcommands)
  const near = nearestName(name, known)
  return near === undefined
    ? t('command.unknown.known', { name: `sync ${name}`, known: known.join(', ') })
    : t('command.unknown.near', { name: `sync ${name}`, near })
}

function help(): string {
  const names = Object.keys(subcommands).filter(isSubcommand)
  return [
    `${t('sync.command.help.head')}\n`,
    ...names.map(
      (name) => `  idaas sync ${t(`sync.command.${name}.usage`)}\n      ${t(`sync.command.${name}.summary`)}`,
    ),
    `\n${t('sync.command.help.tenant')}`,
    t('sync.command.help.exitCodes'),
  ].join('\n')
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCodes.done
}
