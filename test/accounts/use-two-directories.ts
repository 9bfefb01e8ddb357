import { afterAll, beforeAll } from 'vitest'
import type { z } from 'zod'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { changePassword } from '../../src/accounts/change-password.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { finishReset } from '../../src/accounts/finish-reset.ts'
import { loadBlocklist } from '../../src/accounts/password/blocklist.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import type { directorySchema } from '../../src/config/directory-schema.ts'
import { toDn } from '../../src/ldap/dn.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { until } from '../support/poll.ts'
import { sambaSchema } from '../support/samba-schema.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { useDesk } from './use-desk.ts'

export const suffix = 'dc=second,dc=example'
export const password = 'a long sentence for both'

/** What a directory that has taken the whole of a password says. */
export const written = (directory: string) => ({
  directory,
  outcome: 'written',
  putBack: [],
  lost: [],
  ntHash: null,
})

/** A desk over two slapds that share passwords by `uid`, `{SASL}` of the first included; they live as long as the test file. */
export function useTwoDirectories() {
  const desk = useDesk({ slapd: { seed: { people: 60 }, globalLines: sambaSchema } })
  const servers = openSecond(desk)
  return { desk, ...servers, ...passwordsOf(desk, servers) }
}

type Desk = ReturnType<typeof useDesk>

function openSecond(desk: Desk) {
  let second: Slapd
  let tenant: Tenant
  beforeAll(async () => {
    second = await startSlapd({ suffix, seed: { people: 60 } })
    const beside = { directory: 'second', base: `ou=people,${suffix}`, attribute: 'uid' }
    tenant = desk.open(
      withSecond({
        alsoIn: [{ ...beside, from: 'uid' }],
        passThrough: [{ ...beside, realm: 'SECOND.example' }],
      }),
    )
  })
  afterAll(async () => {
    await second.stop()
  })

  function withSecond(passwords: z.input<typeof directorySchema>['passwords']) {
    const [main] = testTenantConfig(desk.slapd()).directories
    const [other] = testTenantConfig(second).directories
    if (main === undefined || other === undefined) throw new Error('no directory')
    return {
      directories: [
        { ...main, passwords },
        { ...other, name: 'second' },
      ],
    }
  }
  const dnIn = (directory: string, login: string) =>
    toDn(`uid=${login},ou=people,${directory === 'main' ? desk.slapd().suffix : suffix}`)

  return {
    second: () => second,
    tenant: () => tenant,
    withSecond,
    dnIn,
    inSecond: async (login: string, lines: string) =>
      await ldapmodify(asRoot(second), `dn: ${dnIn('second', login)}\nchangetype: modify\n${lines}\n`),
    /** Started, and found again by the pool. */
    async backAgain(name: 'main' | 'second'): Promise<void> {
      await (name === 'main' ? desk.slapd() : second).restart()
      const isBack = () =>
        tenant.directories
          .get(name)
          ?.ping()
          .then(() => true)
      await until(isBack, { within: 10_000 })
    },
  }
}

function passwordsOf(desk: Desk, { tenant, dnIn }: ReturnType<typeof openSecond>) {
  async function accountIdFor(login: string): Promise<string> {
    const found = await findByLogin(tenant(), 'signIn', login, everyAttribute)
    if (found === null) throw new Error(`nobody is named ${login}`)
    return accountIdOf(personRefOf(found.branch.directory, found.entry))
  }
  return {
    accountIdFor,
    proves: async (directory: string, login: string, text: string) =>
      await tenant().directories.get(directory)?.verifyPassword(dnIn(directory, login), text),
    reset: async (login: string, more: object = {}) =>
      await desk.reset('hugo', login, { password, mustChange: false, ...more }, tenant()),
    finish: async (agent: string, login: string, id: string) => {
      const permit = await desk.permit(agent, 'account.reset', tenant())
      return await finishReset(desk.services(), permit, login, { id, origin: {} }, new Date())
    },
    change: async (login: string, old: string, text: string) =>
      await changePassword(
        { ...desk.services(), passwordPolicy: { profile: 'nist', blocklist: await loadBlocklist([]) } },
        tenant(),
        await accountIdFor(login),
        { old, password: text, origin: {} },
        new Date(),
      ),
  }
}
