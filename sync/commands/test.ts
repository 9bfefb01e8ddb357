import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commandText as t } from '../../src/messages/command-text.ts'
import { IncompleteSource } from '../connectors/connector.ts'
import { ExpressionFaults } from '../expressions/prepare.ts'
import { differences, expectedLdif } from '../fixtures/compare-entries.ts'
import { FaultyFixture, type Fixture, fixturesIn, isThere, readEntriesOf } from '../fixtures/read-fixture.ts'
import { type FixtureResult, runFixture } from '../fixtures/run-fixture.ts'
import { resolveTasks } from '../task/resolve-task.ts'
import { type CommandHost, commonOptions, namedOf } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'

const options = { ...commonOptions, update: { type: 'boolean' } } as const

/**
 * Runs the cases of a folder, in memory: no server and no database is needed, so that a pipeline can do it. `--update` writes what comes out as what is expected.
 */
export async function test(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [folder] = positionals
  const form = t('sync.command.test.form')
  if (folder === undefined || !(await isThere(folder))) {
    const told =
      folder === undefined
        ? t('sync.command.test.which', { form })
        : t('sync.command.test.noFolder', { folder, form })
    process.stderr.write(`${told}\n`)
    return exitCodes.usage
  }
  const { tenants } = await host.config(values.config)
  const tenant = namedOf(tenants, values.tenant)
  const tasks = resolveTasks(tenant)
  const fixtures = await fixturesIn(folder)
  if (fixtures.length === 0) process.stderr.write(`${t('sync.command.test.noCase', { folder, form })}\n`)
  let failed = 0
  for (const fixture of fixtures) {
    const told = await tellOf(fixture, values.update ?? false, () =>
      runFixture(fixture, tasks, tenant, () => new Date()),
    )
    if (told.length > 0) failed++
    const outcome = t(told.length === 0 ? 'command.outcome.ok' : 'command.outcome.failed')
    process.stdout.write(`${outcome.padEnd(6)} ${fixture.task} / ${fixture.name}\n`)
    for (const line of told) process.stdout.write(`    ${line}\n`)
  }
  const counts = { ok: fixtures.length - failed, failed }
  process.stdout.write(`${t('sync.command.test.counts', counts)}\n`)
  return failed === 0 && fixtures.length > 0 ? exitCodes.done : exitCodes.entryErrors
}

/** What is wrong, line by line. */
async function tellOf(
  fixture: Fixture,
  isUpdate: boolean,
  run: () => Promise<FixtureResult>,
): Promise<readonly string[]> {
  try {
    const result = await run()
    const path = join(fixture.folder, 'expected.ldif')
    if (isUpdate) {
      await writeFile(path, expectedLdif(result.entries))
      return []
    }
    if (!(await isThere(path))) return [t('sync.command.test.missing')]
    const expected = await readEntriesOf(fixture, 'expected.ldif')
    const findings = result.findings.map(({ kind, subject }) => `! ${kind} ${subject}`)
    const wanted = await findingsWanted(fixture)
    return [
      ...differences(expected, result.entries, result.comparison),
      ...result.refused.map(({ name, detail }) => `! ${t('sync.command.test.refused', { name, detail })}`),
      ...findings.filter((line) => !wanted.has(line)),
    ]
  } catch (error) {
    if (error instanceof FaultyFixture || error instanceof IncompleteSource) return [error.message]
    if (error instanceof ExpressionFaults) return error.message.split('\n')
    throw error
  }
}

/** What the case says that the run is to tell: lines of `findings.txt`, as they are printed. */
async function findingsWanted({ folder }: Fixture): Promise<ReadonlySet<string>> {
  const path = join(folder, 'findings.txt')
  const text = (await isThere(path)) ? await readFile(path, 'utf8') : ''
  return new Set(text.split('\n').map((line) => line.trim()))
}
