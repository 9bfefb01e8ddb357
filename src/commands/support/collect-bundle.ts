import { readFile } from 'node:fs/promises'
import { redactConfig } from '../../config/redact-config.ts'
import type { Config } from '../../config/schema.ts'
import { examine } from '../../directory/doctor/examine.ts'
import { connectDatabase } from '../../store/postgres.ts'
import { databaseFacts } from './database-facts.ts'
import { errorLines } from './error-lines.ts'
import { runtimeFacts } from './runtime-facts.ts'
import type { BundleFile } from './tar.ts'

export type BundleOptions = {
  readonly version: string
  readonly metricsUrl: string
  readonly log: string | undefined
  readonly now: Date
}

/** Everything that support may see, a file each. What cannot be read says so in its place: a bundle is asked for when something is broken. */
export async function collectBundle(
  config: Config,
  { version, metricsUrl, log, now }: BundleOptions,
): Promise<BundleFile[]> {
  const parts: Record<string, () => unknown> = {
    'about.json': () => ({ version, madeAt: now, tenants: config.tenants.map(({ name }) => name) }),
    'runtime.json': () => runtimeFacts(process.env),
    'configuration.json': () => redactConfig(config),
    'directories.json': () => directoryFacts(config, now),
    'database.json': () => withDatabase(config),
    'metrics.txt': () => metricsOf(metricsUrl),
    ...(log !== undefined && { 'errors.jsonl': async () => errorLines(await readFile(log, 'utf8')) }),
  }
  return await Promise.all(
    Object.entries(parts).map(async ([name, read]) => ({ name, text: await textOf(read) })),
  )
}

async function textOf(read: () => unknown): Promise<string> {
  try {
    const part = await read()
    return typeof part === 'string' ? part : `${JSON.stringify(part, null, 2)}\n`
  } catch (error) {
    // Not its message, which may hold an address with its password.
    return `not to be had: ${error instanceof Error ? error.name : typeof error}\n`
  }
}

/** The doctor's findings by their codes. Their texts name accounts and entries, their numbers do not. */
async function directoryFacts(config: Config, now: Date) {
  const examined = config.tenants.map(async (tenant) => {
    const findings = await examine(tenant, () => now)
    return findings.map(({ code, severity, directory, params }) => {
      const numbers = Object.fromEntries(
        Object.entries(params).filter(([, value]) => typeof value === 'number'),
      )
      return { tenant: tenant.name, directory, code, severity, ...numbers }
    })
  })
  return (await Promise.all(examined)).flat()
}

async function withDatabase(config: Config) {
  const database = connectDatabase(config.database)
  try {
    return await databaseFacts(database)
  } finally {
    await database.close()
  }
}

async function metricsOf(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) })
  return answer.ok ? await answer.text() : `${url} answered ${answer.status}\n`
}
