import { describe, expect, test } from 'vitest'
import { ntHash } from '../../src/directory/nt-hash.ts'
import { sambaSchema } from '../support/samba-schema.ts'
import { useAccounts } from './use-accounts.ts'
import { useDesk } from './use-desk.ts'

const slapd = {
  globalLines: `moduleload constraint\n${sambaSchema}`,
  // What a service account without the right to the attribute meets.
  databaseLines: `overlay constraint
constraint_attribute sambaNTPassword regex ^never$ restrict=ldap:///ou=people,dc=example,dc=org??sub?(uid=u000019)`,
}
const samba = (login: string) =>
  `add: objectClass\nobjectClass: sambaSamAccount\n-\nadd: sambaSID\nsambaSID: S-1-5-21-1-2-3-${login.slice(1)}`

const password = 'un mot de passe à rallonge'
const hash = await ntHash(password)

test('is MD4 of UTF-16LE, as others compute it', async () => {
  expect(await ntHash('password')).toBe('8846F7EAEE8FB117AD06BDD830B7586C')
  expect(await ntHash('')).toBe('31D6CFE0D16AE931B73C59D7E0C089C0')
})

describe('beside the password of an account of Samba', () => {
  const desk = useDesk({ slapd })

  test('a reset writes the NT hash and its time', async () => {
    await desk.modify('u000010', samba('u000010'))
    const before = Math.floor(Date.now() / 1000)
    const result = await desk.reset('hugo', 'u000010', { password, mustChange: false })
    expect(result).toMatchObject({ targets: [{ outcome: 'written', ntHash: 'written' }], isComplete: true })
    expect(await desk.attribute('u000010', 'sambaNTPassword')).toBe(hash)
    expect(Number(await desk.attribute('u000010', 'sambaPwdLastSet'))).toBeGreaterThanOrEqual(before)
  })

  test('other accounts get none', async () => {
    expect(await desk.reset('hugo', 'u000011', { password })).toMatchObject({ targets: [{ ntHash: null }] })
    expect(await desk.attribute('u000011', 'sambaNTPassword')).toBeNull()
  })

  test('a refused password writes no hash', async () => {
    await desk.modify('u000012', samba('u000012'))
    await expect(desk.reset('hugo', 'u000012', { password: 'short' })).rejects.toMatchObject({
      code: 'password-refused',
    })
    expect(await desk.attribute('u000012', 'sambaNTPassword')).toBeNull()
  })

  test('a hash that could not be written is told and traced, and the password is new all the same', async () => {
    await desk.modify('u000019', samba('u000019'))
    const result = await desk.reset('hugo', 'u000019', { password, mustChange: false })
    expect(result).toMatchObject({ targets: [{ outcome: 'written', ntHash: 'failed' }], isComplete: false })
    expect(result.retry).not.toBeNull()
    const { items } = await desk.audit().list('acme', { action: 'password.reset', limit: 3 })
    expect(items.map(({ result: one, code }) => [one, code])).toContainEqual(['failed', 'nt-hash'])
  })
})

describe('by their owners', () => {
  const accounts = useAccounts({ slapd })

  test('a change writes it, and a recovery too', async () => {
    await accounts.modify('u000013', samba('u000013'))
    await accounts.change('u000013', { password })
    expect(await accounts.attribute('u000013', 'sambaNTPassword')).toBe(hash)

    await accounts.modify('u000014', samba('u000014'))
    expect(await accounts.recover(String(await accounts.link('u000014')), password)).toMatchObject({
      isComplete: true,
    })
    expect(await accounts.attribute('u000014', 'sambaNTPassword')).toBe(hash)
  })
})
