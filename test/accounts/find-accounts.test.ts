import { describe, expect, test } from 'vitest'
import { findAccounts, type AccountQuery } from '../../src/accounts/find-accounts.ts'
import { stateNames, type StateName } from '../../src/directory/account-state.ts'
import { groupDn, useDesk } from './use-desk.ts'

const people = 'ou=people,dc=example,dc=org'
const reachAll = { permissions: ['account.read' as const], rank: 1 }

const desk = useDesk({
  slapd: { seed: { people: 1_500, photos: 1 } },
  changes: {
    roles: [
      { name: 'everyone', groups: [groupDn('service-desk')], ...reachAll },
      {
        name: 'lyon',
        groups: [groupDn('administrators')],
        ...reachAll,
        reach: [{ base: people, filter: '(l=Lyon)' }],
      },
    ],
    whitePages: {
      visibility: [
        { audience: ['agent'], population: '(uid=u000700)', hide: 'entry' },
        { audience: ['agent'], hide: ['phone'] },
      ],
    },
  },
})

async function find(agent: string, query: Partial<AccountQuery>) {
  const permit = await desk.permit(agent, 'account.read')
  return await findAccounts(desk.services(), permit, { text: '', limit: 50, ...query }, new Date())
}

async function findAll(agent: string, query: Partial<AccountQuery>) {
  const logins: string[] = []
  let after: string | undefined
  do {
    const { accounts, next } = await find(agent, { ...query, ...(after !== undefined && { after }) })
    logins.push(...accounts.map(({ ref }) => ref.login))
    after = next ?? undefined
  } while (after !== undefined)
  return logins
}

describe('by text', () => {
  test('finds as French hands type', async () => {
    const { accounts } = await find('hugo', { text: 'lefevre elo' })
    expect(accounts.map(({ ref }) => ref.login)).toContain('elefevre')
  })

  test('lists each account within reach once over all pages, though most are out of reach', async () => {
    const all = await findAll('hugo', { limit: 100 })
    expect(new Set(all).size).toBe(all.length)
    expect(all).toHaveLength(1_499)
    const lyon = await findAll('ada', { limit: 7 })
    const { entries } = await lyonDirectly()
    expect(lyon.toSorted()).toEqual(entries.toSorted())
  })

  test('asks the directory for no photo, and shows only what the agent may see', async () => {
    const [account] = (await find('hugo', { text: 'elefevre' })).accounts
    expect(account?.entry.attributes.has('jpegphoto')).toBe(false)
    expect(account?.person.phone).not.toEqual([])
    expect(account?.shown).toMatchObject({ login: 'elefevre', phone: [] })
    expect(await findAll('hugo', { text: 'u000700' })).toEqual([])
  })
})

describe('by state', () => {
  test('finds every account beyond the size limit of the server, by name, over pages', async () => {
    const late = Array.from({ length: 30 }, (_, index) => `u${String(1_400 + index).padStart(6, '0')}`)
    for (const login of late)
      await desk.modify(login, 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
    const found = await findAll('hugo', { state: 'locked', limit: 7 })
    expect(found.toSorted()).toEqual(late)
    const names = (await find('hugo', { state: 'locked' })).accounts.map(({ person }) => person.displayName)
    const collator = new Intl.Collator('fr', { sensitivity: 'base', ignorePunctuation: true })
    expect(names).toEqual(names.toSorted(collator.compare))
  })

  test('keeps to the reach and to the text', async () => {
    await desk.modify('u000020', 'replace: pwdEndTime\npwdEndTime: 20200101000000Z')
    const inLyon = new Set((await lyonDirectly()).entries)
    expect(await findAll('ada', { state: 'locked', limit: 5 })).toSatisfy((found: string[]) =>
      found.every((login) => inLyon.has(login)),
    )
    expect(await findAll('hugo', { state: 'ended', text: 'u000020' })).toEqual(['u000020'])
    expect(await findAll('hugo', { state: 'ended', text: 'u000021' })).toEqual([])
  })

  test('confirms each candidate by its own state', async () => {
    // A lock that has run out is still there as an attribute.
    await desk.modify('u000025', 'replace: pwdAccountLockedTime\npwdAccountLockedTime: 20200101000000Z')
    expect(await findAll('hugo', { state: 'locked' })).not.toContain('u000025')
  })

  test.each<[StateName, string]>([
    ['disabled', 'replace: pwdStartTime\npwdStartTime: 20991231235959Z'],
    ['not-started', 'replace: pwdStartTime\npwdStartTime: 20400101000000Z'],
    ['must-change', 'replace: pwdReset\npwdReset: TRUE'],
    ['closed-elsewhere', 'replace: userPassword\nuserPassword: {SSHA}!AAAA'],
  ])('finds accounts that are %s', async (state, lines) => {
    const login = `u0001${String(stateNames.indexOf(state)).padStart(2, '0')}`
    await desk.modify(login, lines)
    expect(await findAll('hugo', { state })).toContain(login)
  })

  test('refuses a cursor that it did not give', async () => {
    await expect(find('hugo', { state: 'locked', after: 'bm8' })).rejects.toMatchObject({
      code: 'invalid-input',
    })
    await expect(find('hugo', { text: 'a', after: 'bm8' })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

async function lyonDirectly(): Promise<{ entries: string[] }> {
  const [branch] = desk.tenant().uses.desk
  if (branch === undefined) throw new Error('no branch')
  const entries: string[] = []
  const query = {
    base: branch.base,
    filter: { type: 'equal', attribute: 'l', value: Buffer.from('Lyon') },
  } as const
  for await (const entry of branch.directory.list({ ...query, attributes: ['uid'] })) {
    const login = entry.attributes.get('uid')?.values[0]?.toString()
    if (login !== undefined && login !== 'u000700') entries.push(login)
  }
  return { entries }
}
