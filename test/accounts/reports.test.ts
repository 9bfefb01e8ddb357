import { describe, expect, test } from 'vitest'
import { accountsInState } from '../../src/accounts/accounts-in-state.ts'
import { countStates } from '../../src/accounts/count-states.ts'
import { createStateCounts } from '../../src/accounts/state-counts.ts'
import { stateNames, type StateName } from '../../src/directory/account-state.ts'
import { ldapmodify, ldapsearch } from '../support/ldap-tools.ts'
import { groupDn, useDesk } from './use-desk.ts'

const base = 'ou=people,dc=example,dc=org'
const everyone = { permissions: ['account.read' as const], rank: 1 }
/** Of 1,500 people: every tenth is locked, every fifteenth disabled, and so on. */
const seeded: readonly [every: number, lines: string][] = [
  [10, 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z'],
  [15, 'replace: pwdStartTime\npwdStartTime: 20991231235959Z'],
  [22, 'replace: pwdEndTime\npwdEndTime: 20200101000000Z'],
  [31, 'replace: userPassword\nuserPassword: {SSHA}!AAAA'],
  [41, 'replace: userPassword\nuserPassword: {SASL}somebody@AD'],
  // Locked once, over long ago: a candidate that is not in the state.
  [7, 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 20200101000000Z'],
]
const changes = Array.from({ length: 1_490 }, (_, index) => index + 10).flatMap((index) => {
  const [, lines] = seeded.find(([every]) => index % every === 0) ?? []
  const uid = `u${String(index).padStart(6, '0')}`
  return lines === undefined ? [] : [`dn: uid=${uid},${base}\nchangetype: modify\n${lines}\n`]
})

const desk = useDesk({
  slapd: { seed: { people: 1_500 } },
  ldif: changes.join('\n'),
  changes: {
    uses: {
      signIn: [{ directory: 'main', base }],
      // The same people twice: each counts once.
      desk: [
        { directory: 'main', base },
        { directory: 'main', base: 'dc=example,dc=org' },
      ],
      groups: [{ directory: 'main', base: 'ou=groups,dc=example,dc=org' }],
    },
    roles: [
      { name: 'all', groups: [groupDn('service-desk')], ...everyone },
      {
        name: 'lyon',
        groups: [groupDn('administrators')],
        ...everyone,
        reach: [{ base, filter: '(l=Lyon)' }],
      },
    ],
  },
})

async function listed(agent: string, state: StateName): Promise<string[]> {
  const permit = await desk.permit(agent, 'account.read')
  const accounts = accountsInState(desk.services(), permit, state, new Date())
  return (await Array.fromAsync(accounts)).map(({ ref }) => ref.login)
}

async function counted(agent: string) {
  return await countStates(desk.services(), await desk.permit(agent, 'account.read'), new Date())
}

describe('reports', () => {
  test.each(['hugo', 'ada'])('count for %s exactly whom they list, each once', async (agent) => {
    const counts = await counted(agent)
    for (const state of stateNames) {
      const logins = await listed(agent, state)
      expect(new Set(logins).size, state).toBe(logins.length)
      // This server records no sign-ins, so that an empty list of them says nothing.
      const isUnseen = ['never-signed-in', 'dormant', 'idle'].includes(state)
      expect(counts[state], state).toBe(isUnseen ? null : logins.length)
    }
    expect(counts.locked).toBeGreaterThan(0)
    expect(counts['closed-elsewhere']).toBeGreaterThan(0)
  })

  test('hold everybody, though the server gives the service account 50 entries at a time', async () => {
    const before = await counted('hugo')
    await limitTo50()
    expect(await counted('hugo')).toEqual(before)
    expect(before.locked).toBe(changes.filter((change) => change.includes('000001010000Z')).length)
    expect(await listed('hugo', 'disabled')).toHaveLength(before.disabled ?? NaN)
  })

  test('leave out whose lock is over', async () => {
    expect(await listed('hugo', 'locked')).not.toContain('u000014')
  })

  test('are counted once a minute for all who reach the same accounts', async () => {
    const stateCounts = createStateCounts()
    const count = async (agent: string) =>
      await stateCounts(desk.services(), await desk.permit(agent, 'account.read'), new Date())
    const [first, again, lyon] = await Promise.all([count('hugo'), count('hugo'), count('ada')])
    expect(again).toBe(first)
    expect(lyon).not.toBe(first)
  })

  test('of a directory that is down are an error, and not zero', async () => {
    const permit = await desk.permit('hugo', 'account.read')
    await desk.slapd().kill()
    await expect(countStates(desk.services(), permit, new Date())).rejects.toMatchObject({
      code: 'directory-unavailable',
    })
  })
})

/** Of entries in one answer; pages go on beyond. */
async function limitTo50(): Promise<void> {
  const { url, rootPassword: password, appDn } = desk.slapd()
  const config = { url, dn: 'cn=config', password }
  const found = await ldapsearch(config, 'cn=config', '(olcSuffix=dc=example,dc=org)', '1.1')
  const [, dn] = /^dn: (.*)$/m.exec(found) ?? []
  const limit = `replace: olcLimits\nolcLimits: dn.exact="${appDn}" size.soft=50 size.hard=50 size.pr=50 size.prtotal=unlimited`
  await ldapmodify(config, `dn: ${dn}\nchangetype: modify\n${limit}\n`)
}
