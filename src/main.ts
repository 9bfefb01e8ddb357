#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { styleText } from 'node:util'
import type { Expectations } from './commands/expectation.ts'
import type { Config } from './config/schema.ts'
import type { Translate } from './messages/message.ts'
import { codeOf, stackOf } from './problems/thrown.ts'

// First of all, so that what is imported below is compiled once per release and not once per start.
enableCompileCache()

/** Takes what follows the command's name and gives the exit code. */
type Command = (args: string[]) => Promise<number>
/** Loaded when called: `check` in a pipeline starts no web framework. A command is listed, in this order, once it works and its texts are there. */
const commands = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  worker: async () => {
    const { worker } = await import('./commands/worker.ts')
    const { workOnSync } = await import('../sync/run/work-on-sync.ts')
    const { serveWorkerHealth } = await import('../plugins/worker-health.ts')
    return (args) => worker(args, { more: workOnSync, serveHealth: serveWorkerHealth })
  },
  demo: async () => {
    const { demo } = await import('./commands/demo.ts')
    const { workOnSync } = await import('../sync/run/work-on-sync.ts')
    return (args) => demo(args, workOnSync)
  },
  check: async () => {
    const { check } = await import('./commands/check.ts')
    return (args) => check(args, expectations)
  },
  sync: async () => {
    const { sync } = await import('../sync/commands/sync.ts')
    const { commandConfigOrDemo } = await import('./commands/command-config.ts')
    const { openServices } = await import('./commands/open-services.ts')
    const open = (config: Config) => openServices(config, { works: false })
    return (args) => sync(args, { config: commandConfigOrDemo, open })
  },
  maintenance: async () => (await import('./commands/maintenance.ts')).maintenance,
  'upgrade-check': async () => (await import('./commands/upgrade-check.ts')).upgradeCheck,
  'support-bundle': async () => (await import('./commands/support-bundle.ts')).supportBundle,
  verify: async () => (await import('./commands/verify.ts')).verify,
  'backup-verified': async () => (await import('./commands/backup-verified.ts')).backupVerified,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
} satisfies Record<string, () => Promise<Command>>

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name)
}

/** What `check --expect` looks at beyond `src`. */
async function expectations(): Promise<Expectations> {
  const { claimsFor } = await import('../plugins/oidc/claims-for.ts')
  const { test } = await import('../sync/commands/test.ts')
  const { openServices } = await import('./commands/open-services.ts')
  return {
    claimsFor,
    async testSync(config, tenant, folder) {
      const open = (own: Config) => openServices(own, { works: false })
      return (await test([folder, '--tenant', tenant], { config: async () => config, open })) === 0
    },
  }
}

const exitCodes = { done: 0, unexpected: 1, configuration: 5, usage: 64 } as const

async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--version') {
    const { programVersion } = await import('./commands/program-version.ts')
    return print(await programVersion())
  }
  if (name === '--help' || name === '-h' || name === 'help') return print(await help())
  if (name === undefined) return refuse(await help())
  if (!isCommand(name)) return refuse(await unknownCommand(name))
  if (name !== 'sync' && (args.includes('--help') || args.includes('-h'))) {
    const t = await texts()
    return print(`idaas ${t(`command.${name}.usage`)}\n${t(`command.${name}.summary`)}`)
  }
  const run: Command = await commands[name]()
  return run(args)
}

/** Loaded when something is said: a server that starts says nothing. */
async function texts(): Promise<Translate> {
  return (await import('./messages/command-text.ts')).commandText
}

async function help(): Promise<string> {
  const t = await texts()
  const listed = Object.keys(commands).filter(isCommand)
  const lines = listed.map((name) => {
    const summary = t(`command.${name}.summary`).replaceAll('\n', '\n      ')
    return `  idaas ${t(`command.${name}.usage`)}\n      ${summary}`
  })
  return [
    `${t('command.help.head')}\n`,
    ...lines,
    '\n  idaas --help | --version',
    `\n${t('command.help.configuration')}`,
    t('command.help.exitCodes'),
  ].join('\n')
}

async function unknownCommand(name: string): Promise<string> {
  const { nearestName } = await import('./config/nearest-name.ts')
  const t = await texts()
  const known = Object.keys(commands)
  const near = nearestName(name, known)
  return near === undefined
    ? t('command.unknown.known', { name, known: known.join(', ') })
    : t('command.unknown.near', { name, near })
}

async function failed(error: unknown): Promise<number> {
  const { ConfigError, printFaults } = await import('./config/config-fault.ts')
  if (error instanceof ConfigError) {
    process.stderr.write(
      `${printFaults(error.faults, (text) => styleText('bold', text, { stream: process.stderr }))}\n`,
    )
    return exitCodes.configuration
  }
  const { wrongUse } = await import('./commands/wrong-use.ts')
  const wrong = wrongUse(error, process.argv[2] ?? '')
  if (wrong !== null) return refuse(wrong)
  const { CannotStart } = await import('./problems/cannot-start.ts')
  const { sentenceOf } = await import('./store/sentence-of.ts')
  const told = sentenceOf(error)
  process.stderr.write(`${told instanceof CannotStart ? told.message : stackOf(error)}\n`)
  return exitCodes.unexpected
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCodes.done
}

function refuse(text: string): number {
  process.stderr.write(`${text}\n`)
  return exitCodes.usage
}

// Whoever reads us may have read enough: `idaas sync plan people | head`.
process.stdout.on('error', (error) => {
  if (codeOf(error) === 'EPIPE') process.exit()
  throw error
})

// Not process.exit: what a command started (a server) goes on until it ends by itself or `onStop` ends it.
process.exitCode = await main(process.argv.slice(2)).catch(failed)
