import { dirname, resolve } from 'node:path'
import { readExpected } from '../config/read-expected.ts'
import type { Config } from '../config/schema.ts'
import type { Translate } from '../messages/message.ts'
import { expectClaims } from './expect-claims.ts'
import type { Expectations, Outcome } from './expectation.ts'
import { expectSearch } from './expect-search.ts'
import { openServices } from './open-services.ts'
import { tenantNamed } from './tenants-named.ts'

/** Holds what the configured directories and rules give against what the customer's file says, and prints each. False when something is otherwise. */
export async function checkExpected(
  file: string,
  config: Config,
  expectations: Expectations,
  t: Translate,
): Promise<boolean> {
  const expected = await readExpected(file)
  const whose = `${file}: say whose it is: tenant: NAME`
  const { name } = tenantNamed(config.tenants, expected.tenant, whose)
  const opened = await openServices(config, { works: false })
  try {
    const tenant = tenantNamed(opened.tenants, name, whose)
    const people = opened.services.peopleOf(tenant)
    if (expected.searches.length > 0) await people.start()
    let isAsExpected = true
    const tell = (outcome: Outcome) => {
      isAsExpected &&= outcome.unlike.length === 0
      process.stdout.write(textOf(outcome, t))
    }
    for (const search of expected.searches) tell(await expectSearch(tenant, people, search))
    for (const claims of expected.claims) tell(await expectClaims(tenant, claims, expectations))
    for (const folder of expected.sync) {
      const isSame = await expectations.testSync(config, tenant.name, resolve(dirname(file), folder))
      isAsExpected &&= isSame
    }
    process.stdout.write(`${t(isAsExpected ? 'expect.met' : 'expect.unmet')}\n`)
    return isAsExpected
  } finally {
    await opened.close()
  }
}

function textOf({ what, unlike }: Outcome, t: Translate): string {
  const lines = unlike.map((said) => `       ${t(...said)}\n`)
  return `${unlike.length === 0 ? 'ok    ' : 'failed'} ${what}\n${lines.join('')}`
}
