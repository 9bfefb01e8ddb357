import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDomain } from '../../src/directory/active-directory/domain.ts'
import { resetPassword } from '../../src/directory/active-directory/reset-password.ts'
import { poolOptions } from '../../src/directory/open-directory.ts'
import { toDn } from '../../src/ldap/dn.ts'
import type { Operations } from '../../src/ldap/operations.ts'
import { createPool } from '../../src/ldap/pool.ts'
import { unicodePwd } from '../support/samba-ad-ldif.ts'
import { until } from '../support/poll.ts'
import { accepted } from './suite/suite.ts'
import { useSamba } from './use-samba.ts'

const { server, suite, asAdministrator } = useSamba()

describe('a reset on Active Directory', () => {
  it('is refused where a smart card is wanted, for it would let in without one', async () => {
    const { somebody, reset, outcome, kinds } = suite()
    const person = somebody()
    await server().cause.noPassword(person)
    const refused = { outcome: 'refused', reason: 'change-not-allowed' }
    expect(await reset(person, 'No-card-needed-1')).toEqual(refused)
    expect(await outcome(person, 'No-card-needed-1')).toBe('refused')
    expect(await kinds(person)).toEqual(['no-password'])
  })

  it('ends the hour for which the controller takes the old password too', async () => {
    const { somebody, reset, bind, outcome } = suite()
    const { ad } = server()
    const settings = join(ad.dir, 'etc/smb.conf')
    const atOnce = await readFile(settings, 'utf8')
    await writeFile(settings, atOnce.replace('old password allowed period = 0', ''))
    await restart()
    const [byUs, byOthers] = [somebody(), somebody()]
    await server().set(byOthers, 'unicodePwd', unicodePwd('Set-by-another-tool-1'))
    expect(await outcome(byOthers)).toBe('accepted')
    let old = byUs.password
    for (const mustChange of [false, true]) {
      const password = mustChange ? 'Temporary-for-now-1' : 'Not-stolen-yet-1'
      expect(await reset(byUs, password, mustChange)).toEqual({ outcome: 'written', putBack: [], lost: [] })
      expect(await outcome(byUs, old)).toBe('refused')
      expect(await bind(byUs, password)).toEqual({ outcome: 'accepted', mustChange })
      old = password
    }
    await writeFile(settings, atOnce)
    await restart()
  })

  it('is said to be done also when the connection is lost right after it', async () => {
    const { somebody, bind } = suite()
    const person = somebody()
    const pool = createPool(poolOptions(server().config))
    const domain = await createDomain(pool, () => new Date())()
    let isWritten = false
    const breaking: Operations = {
      ...pool,
      modify: async (...given) => {
        if (isWritten) await pool.close()
        isWritten = true
        return await pool.modify(...given)
      },
    }
    expect(
      await resetPassword(breaking, domain, person.dn, accepted('Set-all-the-same-1'), { mustChange: false }),
    ).toEqual({ outcome: 'written', putBack: [], lost: [] })
    expect(await bind(person, 'Set-all-the-same-1')).toMatchObject({ outcome: 'accepted' })
  })

  it('says that a password is too simple', async () => {
    const { somebody, reset } = suite()
    const refused = { outcome: 'refused', reason: 'insufficient-quality' }
    expect(await reset(somebody(), 'nothingbutsmallletters')).toEqual(refused)
  })

  it('of somebody whom the service account has no right to is refused', async () => {
    const { directory } = suite()
    const administrator = toDn(`CN=Administrator,CN=Users,${server().ad.baseDn}`)
    const write = directory.setPassword(administrator, accepted('Taken-over-by-us-1'), { mustChange: false })
    expect(await write).toEqual({ outcome: 'refused', reason: 'change-not-allowed' })
  })
})

describe('a change on Active Directory', () => {
  it.each([
    ['has expired', 'policy', 'password-expired'],
    ['must be changed', 'mustChange', 'must-change'],
  ] as const)('is possible when the old password %s, and keeps the history', async (_name, cause, state) => {
    const { directory, somebody, eventually } = suite()
    const person = somebody()
    const change = (old: string, password: string) =>
      directory.changePassword(person.dn, old, accepted(password))
    expect(await change(person.password, 'First-password-1')).toMatchObject({ outcome: 'written' })
    await server().cause[cause](person, { maxAge: 1 })
    await eventually(person, state)
    const back = await change('First-password-1', person.password)
    expect(back).toEqual({ outcome: 'refused', reason: 'in-history' })
    expect(await change('First-password-1', 'Second-password-1')).toMatchObject({ outcome: 'written' })
  })

  it('of a disabled account is refused, with the right old password too', async () => {
    const { directory, somebody, outcome } = suite()
    const person = somebody()
    await directory.disable(person.dn, new Date())
    const change = await directory.changePassword(person.dn, person.password, accepted('Not-through-here-1'))
    expect(change).toEqual({ outcome: 'refused', reason: 'change-not-allowed' })
    await directory.enable(person.dn)
    expect(await outcome(person)).toBe('accepted')
  })

  it('proves a password that another tool set in another Unicode form', async () => {
    const { directory, somebody, outcome } = suite()
    const person = somebody()
    const decomposed = 'Été-comme-hiver-1'.normalize('NFD')
    await server().set(person, 'unicodePwd', unicodePwd(decomposed))
    expect(await outcome(person, decomposed)).toBe('accepted')
    const change = await directory.changePassword(
      person.dn,
      decomposed,
      accepted(decomposed.replace('1', '2')),
    )
    expect(change).toEqual({ outcome: 'written', putBack: [], lost: [] })
    expect(await outcome(person, 'Été-comme-hiver-2'.normalize('NFC'))).toBe('accepted')
  })
})

describe('the rules for a new password', () => {
  it('are the domain’s, or those of a PSO where the service account may read it', async () => {
    const { directory, somebody, read } = suite()
    const person = somebody()
    const complex = { capitals: 1, small: 1, digits: 1, signs: 0 }
    expect(await directory.passwordRules(await read(person))).toEqual({ length: 8, ...complex })
    await server().underPso(person, {
      'msDS-MinimumPasswordLength': '14',
      'msDS-PasswordComplexityEnabled': 'FALSE',
    })
    const none = { capitals: 0, small: 0, digits: 0, signs: 0 }
    expect(await asAdministrator().passwordRules(await read(person))).toEqual({ length: 14, ...none })
    expect(await directory.passwordRules(await read(person))).toEqual({ length: 0, ...none })
  })
})

async function restart(): Promise<void> {
  await server().ad.restart()
  // Its encrypted port may come a moment after the plain one.
  await until(
    () =>
      suite()
        .directory.ping()
        .then(() => true),
    { within: 5_000 },
  )
}
