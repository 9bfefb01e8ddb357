#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { styleText } from 'node:util'
import type { Expectations } from './commands/expectation.ts'
import type { Config } from './config/schema.ts'
import { codeOf, stackOf } from './problems/thrown.ts'

// First of all, so that what is imported below is compiled once per release and not once per start.
enableCompileCache()

/** Takes what follows the command's name and gives the exit code. */
type Command = (args: string[]) => Promise<number>
type Listed = { usage: string; summary: string; load: () => Promise<Command> }

/** Loaded when called: `check` in a pipeline starts no web framework. A command is listed once it works. */
const commands: Readonly<Record<string, Listed>> = {
  serve: {
    usage: 'serve [--config PATH]',
    summary: 'answer requests',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  worker: {
    usage: 'worker [--config PATH]',
    summary: 'do the queued jobs: mails, recoveries',
    load: async () => {
      const { worker } = await import('./commands/worker.ts')
      const { workOnSync } = await import('../sync/run/work-on-sync.ts')
      const { serveWorkerHealth } = await import('../plugins/worker-health.ts')
      return (args) => worker(args, { more: workOnSync, serveHealth: serveWorkerHealth })
    },
  },
  demo: {
    usage: 'demo',
    summary: 'run everything on embedded stores, on this machine only, for a look',
    load: async () => {
      const { demo } = await import('./commands/demo.ts')
      const { workOnSync } = await import('../sync/run/work-on-sync.ts')
      return (args) => demo(args, workOnSync)
    },
  },
  check: {
    usage:
      'check [--config PATH] [--static [--without-secrets]] [--expect FILE] [--json] [--strict] | check --schema',
    summary:
      'say what is wrong with the configuration, then with the directories, and how to mend it (exit code 2);\n      --static: the configuration only, in a pipeline; --without-secrets: variables and files that it refers to may be missing;\n      --expect: searches, claims and synchronization against what a file expects; --strict: warnings count too; --schema: print the JSON Schema',
    load: async () => {
      const { check } = await import('./commands/check.ts')
      return (args) => check(args, expectations)
    },
  },
  sync: {
    usage: 'sync COMMAND',
    summary: 'keep directories in step: idaas sync help',
    load: async () => {
      const { sync } = await import('../sync/commands/sync.ts')
      const { commandConfigOrDemo } = await import('./commands/command-config.ts')
      const { openServices } = await import('./commands/open-services.ts')
      const open = (config: Config) => openServices(config, { works: false })
      return (args) => sync(args, { config: commandConfigOrDemo, open })
    },
  },
  maintenance: {
    usage:
      'maintenance on|off|status [--tenant NAME]... [--until TIME] [--message-fr TEXT] [--message-en TEXT] [--read-only] [--json]',
    summary:
      'say something on every page, and with --read-only let nothing be written meanwhile; signing in goes on.\n      TIME: 2h, 90m, 2026-11-25T22:00:00+01:00; without --tenant all of them',
    load: async () => (await import('./commands/maintenance.ts')).maintenance,
  },
  'upgrade-check': {
    usage: 'upgrade-check [VERSION] [--config PATH] [--json] [--strict]',
    summary:
      'run by the new version before it is rolled out: keys to rename, what its migrations hold and how long, the directories',
    load: async () => (await import('./commands/upgrade-check.ts')).upgradeCheck,
  },
  'support-bundle': {
    usage: 'support-bundle [--config PATH] [--out FILE|-] [--log FILE] [--metrics URL]',
    summary: 'what support needs to see, in one file: no secret, nothing of a person',
    load: async () => (await import('./commands/support-bundle.ts')).supportBundle,
  },
  verify: {
    usage: 'verify [--config PATH] [--against NOTED.JSON] [--sign-in LOGIN [--tenant NAME]] [--json]',
    summary:
      'after a restore: is everything there, do the keys open it, is the audit whole? (exit code 2 when not)',
    load: async () => (await import('./commands/verify.ts')).verify,
  },
  'backup-verified': {
    usage: 'backup-verified FILE|- [--config PATH]',
    summary:
      'note, for monitoring, that a restored copy was whole: FILE is what `verify --json` said of the copy',
    load: async () => (await import('./commands/backup-verified.ts')).backupVerified,
  },
  migrate: {
    usage: 'migrate [--config PATH]',
    summary: 'bring the database to this version',
    load: async () => (await import('./commands/migrate.ts')).migrate,
  },
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
  if (name === '--help' || name === '-h' || name === 'help') return print(help())
  if (name === undefined) return refuse(help())
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) return refuse(await unknownCommand(name))
  if (name !== 'sync' && (args.includes('--help') || args.includes('-h')))
    return print(`idaas ${command.usage}\n${command.summary}`)
  const run = await command.load()
  return run(args)
}

function help(): string {
  const lines = Object.values(commands).map(({ usage, summary }) => `  idaas ${usage}\n      ${summary}`)
  return [
    'idaas COMMAND   identity over the LDAP directory that you have\n',
    ...lines,
    '\n  idaas --help | --version',
    '\nIDAAS_CONFIG names the configuration, a file or a folder of YAML, where --config does not.',
    'Exit codes: 0 done, 1 unexpected, 2 a fault of a directory (check), 5 configuration, 64 wrong use of the command.',
  ].join('\n')
}

async function unknownCommand(name: string): Promise<string> {
  const { nearestName } = await import('./config/nearest-name.ts')
  const known = Object.keys(commands)
  const near = nearestName(name, known)
  return `"${name}" is no command: ${near === undefined ? `there is ${known.join(', ')}` : `did you mean "${near}"?`}`
}

async function failed(error: unknown): Promise<number> {
  const { ConfigError, printFaults } = await import('./config/config-fault.ts')
  if (error instanceof ConfigError) {
    process.stderr.write(
      `${printFaults(error.faults, (text) => styleText('bold', text, { stream: process.stderr }))}\n`,
    )
    return exitCodes.configuration
  }
  if (error instanceof Error && codeOf(error).startsWith('ERR_PARSE_ARGS')) {
    return refuse(`${error.message}\nidaas ${process.argv[2]} --help tells what there is`)
  }
  const { CannotStart } = await import('./problems/cannot-start.ts')
  process.stderr.write(`${error instanceof CannotStart ? error.message : stackOf(error)}\n`)
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
