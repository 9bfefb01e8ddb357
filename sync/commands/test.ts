import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { IncompleteSource } from '../connectors/connector.ts'
import { ExpressionFaults } from '../expressions/prepare.ts'
import { differences, expectedLdif } from '../fixtures/compare-entries.ts'
import { FaultyFixture, type Fixture, fixturesIn, isThere, readEntriesOf } from '../fixtures/read-fixture.ts'
import { type FixtureResult, runFixture } from '../fixtures/run-fixture.ts'
import { resolveTasks } from '../task/resolve-task.ts'
import { type CommandHost, commonOptions, namedOf } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'

const form = 'FOLDER/TASK/CASE/source.ldif, destination.ldif, expected.ldif'
const options = { ...commonOptions, update: { type: 'boolean' } } as const

/**
 * Runs the cases of a folder, in memory: no server and no database is needed, so that a pipeline can do it. `--update` writes what comes out as what is expected.
 */
export async function test(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [folder] = positionals
  if (folder === undefined || !(await isThere(folder))) {
    const what = folder === undefined ? 'Say which folder has the cases' : `There is no folder ${folder}`
    process.stderr.write(`${what}: ${form}\n`)
    return exitCodes.usage
  }
  const { tenants } = await host.config(values.config)
  const tenant = namedOf(tenants, values.tenant)
  const tasks = resolveTasks(tenant)
  const fixtures = await fixturesIn(folder)
  if (fixtures.length === 0) process.stderr.write(`${folder} has no case: ${form}\n`)
  let failed = 0
  for (const fixture of fixtures) {
    const told = await tellOf(fixture, values.update ?? false, () =>
      runFixture(fixture, tasks, tenant, () => new Date()),
    )
    if (told.length > 0) failed++
    process.stdout.write(`${told.length === 0 ? 'ok    ' : 'failed'} ${fixture.task} / ${fixture.name}\n`)
    for (const line of told) process.stdout.write(`    ${line}\n`)
  }
  process.stdout.write(`${fixtures.length - failed} ok, ${failed} failed\n`)
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
    if (!(await isThere(path))) return ['expected.ldif is missing: --update writes it']
    const expected = await readEntriesOf(fixture, 'expected.ldif')
    const findings = result.findings.map(({ kind, subject }) => `! ${kind} ${subject}`)
    const wanted = await findingsWanted(fixture)
    return [
      ...differences(expected, result.entries, result.comparison),
      ...result.refused.map(({ name, detail }) => `! refused ${name}: ${detail}`),
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
