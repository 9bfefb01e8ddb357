import { dirname, resolve } from 'node:path'
import { readExpected } from '../config/read-expected.ts'
import type { Config } from '../config/schema.ts'
import { commandText } from '../messages/command-text.ts'
import { expectClaims } from './expect-claims.ts'
import type { Expectations, Outcome } from './expectation.ts'
import { expectSearch } from './expect-search.ts'
import { openServices } from './open-services.ts'
import { tenantNamed } from '../tenants/tenants-named.ts'

/** Holds what the configured directories and rules give against what the customer's file says, and prints each. False when something is otherwise. */
export async function checkExpected(
  file: string,
  config: Config,
  expectations: Expectations,
): Promise<boolean> {
  const expected = await readExpected(file)
  const whose = commandText('command.check.whose', { file })
  const { name } = tenantNamed(config.tenants, expected.tenant, whose)
  const opened = await openServices(config, { works: false })
  try {
    const tenant = tenantNamed(opened.tenants, name, whose)
    const people = opened.services.peopleOf(tenant)
    if (expected.searches.length > 0) await people.start()
    let isAsExpected = true
    const tell = (outcome: Outcome) => {
      isAsExpected &&= outcome.unlike.length === 0
      process.stdout.write(textOf(outcome))
    }
    for (const search of expected.searches) tell(await expectSearch(tenant, people, search))
    for (const claims of expected.claims) tell(await expectClaims(tenant, claims, expectations))
    for (const folder of expected.sync) {
      const isSame = await expectations.testSync(config, tenant.name, resolve(dirname(file), folder))
      isAsExpected &&= isSame
    }
    process.stdout.write(`${commandText(isAsExpected ? 'expect.met' : 'expect.unmet')}\n`)
    return isAsExpected
  } finally {
    await opened.close()
  }
}

function textOf({ what, unlike }: Outcome): string {
  const lines = unlike.map((said) => `       ${commandText(...said)}\n`)
  const outcome = commandText(unlike.length === 0 ? 'command.outcome.ok' : 'command.outcome.failed')
  return `${outcome.padEnd(6)} ${commandText(...what)}\n${lines.join('')}`
}
