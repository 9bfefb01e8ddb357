import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { accountIdOf } from '../../src/accounts/account-id.ts'
import { changePassword } from '../../src/accounts/change-password.ts'
import { finishChange } from '../../src/accounts/finish-change.ts'
import { finishReset } from '../../src/accounts/finish-reset.ts'
import { everyAttribute, findByLogin } from '../../src/accounts/find-entry.ts'
import { loadBlocklist } from '../../src/accounts/password/blocklist.ts'
import { personRefOf } from '../../src/accounts/person.ts'
import type { directorySchema } from '../../src/config/directory-schema.ts'
import { accepted } from '../directory/suite/suite.ts'
import { toDn } from '../../src/ldap/dn.ts'
import type { Tenant } from '../../src/tenants/tenant.ts'
import { asRoot, ldapTool, ldapmodify } from '../support/ldap-tools.ts'
import { until } from '../support/poll.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { useDesk } from './use-desk.ts'

const desk = useDesk()
const suffix = 'dc=second,dc=example'
const password = 'a long sentence for both'

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
const proves = async (directory: string, login: string, text: string) =>
  await tenant.directories.get(directory)?.verifyPassword(dnIn(directory, login), text)
const inSecond = async (login: string, lines: string) =>
  await ldapmodify(asRoot(second), `dn: ${dnIn('second', login)}\nchangetype: modify\n${lines}\n`)
const reset = async (login: string, more: object = {}) =>
  await desk.reset('hugo', login, { password, mustChange: false, ...more }, tenant)
const finish = async (agent: string, login: string, id: string) => {
  const permit = await desk.permit(agent, 'account.reset', tenant)
  return await finishReset(desk.services(), permit, login, { id, origin: {} }, new Date())
}
const change = async (login: string, old: string, text: string) =>
  await changePassword(
    { ...desk.services(), passwordPolicy: { profile: 'nist', blocklist: await loadBlocklist([]) } },
    tenant,
    await accountIdFor(login),
    { old, password: text, origin: {} },
    new Date(),
  )

async function accountIdFor(login: string): Promise<string> {
  const found = await findByLogin(tenant, 'signIn', login, everyAttribute)
  if (found === null) throw new Error(`nobody is named ${login}`)
  return accountIdOf(personRefOf(found.branch.directory, found.entry))
}

/** Started, and found again by the pool. */
async function backAgain(name: 'main' | 'second'): Promise<void> {
  await (name === 'main' ? desk.slapd() : second).restart()
  await until(
    () =>
      tenant.directories
        .get(name)
        ?.ping()
        .then(() => true),
    { within: 10_000 },
  )
}

const written = (directory: string) => ({ directory, outcome: 'written', putBack: [], ntHash: null })

describe('a reset where two directories hold a password', () => {
  test('writes both, and says so', async () => {
    expect(await reset('u000010')).toMatchObject({
      targets: [written('main'), written('second')],
      isComplete: true,
      retry: null,
    })
    for (const directory of ['main', 'second'])
      expect(await proves(directory, 'u000010', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('leaves an event for each, of the person there', async () => {
    await reset('u000011')
    const found = await findByLogin(tenant, 'signIn', 'u000011', everyAttribute)
    const there = await tenant.directories.get('second')?.read(dnIn('second', 'u000011'), ['entryUUID'])
    if (found === null || !there) throw new Error('nobody')
    for (const person of [
      { directory: 'main', id: found.branch.directory.idOf(found.entry) },
      { directory: 'second', id: found.branch.directory.idOf(there) },
    ]) {
      const { items } = await desk.audit().list('acme', { action: 'password.reset', person, limit: 10 })
      expect(items.map(({ result }) => result)).toEqual(['done', 'attempted'])
    }
  })

  test('is complete for somebody whom the other directory does not know', async () => {
    await ldapTool('ldapdelete', asRoot(second), [dnIn('second', 'u000012')])
    expect(await reset('u000012')).toMatchObject({ targets: [written('main')], isComplete: true })
  })

  test('tells what the other directory refuses, by its reason, and writes nothing twice there', async () => {
    await reset('u000013')
    await desk.reset('hugo', 'u000013', { password: 'something in between', mustChange: false })
    expect(await reset('u000013', { password: 'something else entirely' })).toMatchObject({
      isComplete: true,
    })
    // The first password is in the history of both: main refuses first, and nothing was written.
    await expect(reset('u000013')).rejects.toMatchObject({ code: 'password-refused' })
    await inSecond('u000013', 'replace: userPassword\nuserPassword: {SSHA}!AAAA')
    expect(await reset('u000013', { password: 'yet another sentence' })).toMatchObject({
      targets: [written('main'), { directory: 'second', outcome: 'refused', reason: 'closed-elsewhere' }],
      isComplete: false,
      retry: null,
    })
  })
})

test('a password that the other directory has already is there, and is no refusal by its history', async () => {
  await reset('u000022', { password: 'an older sentence' })
  await tenant.directories
    .get('second')
    ?.changePassword(dnIn('second', 'u000022'), 'an older sentence', accepted(password))
  expect(await reset('u000022', { mustChange: true })).toMatchObject({
    targets: [written('main'), written('second')],
    isComplete: true,
  })
  expect(await proves('second', 'u000022', password)).toMatchObject({ mustChange: true })
})

describe('while the second directory is down', () => {
  test('the first has the new password, and the second gets it when it is back, from the same agent only', async () => {
    await second.kill()
    const started = performance.now()
    const result = await reset('u000014')
    expect(performance.now() - started).toBeLessThan(1_500)
    expect(result).toMatchObject({
      targets: [written('main'), { directory: 'second', outcome: 'failed', reason: 'directory-unavailable' }],
      isComplete: false,
    })
    const id = String(result.retry)
    expect(await proves('main', 'u000014', password)).toMatchObject({ outcome: 'accepted' })

    const still = await finish('hugo', 'u000014', id)
    expect(still).toMatchObject({ targets: [{ outcome: 'failed' }], isComplete: false })
    await backAgain('second')
    expect(await proves('second', 'u000014', 'pw-u000014')).toMatchObject({ outcome: 'accepted' })
    for (const [agent, made] of [
      ['ada', String(still.retry)],
      ['hugo', 'made-up'],
      ['hugo', id],
    ] as const)
      await expect(finish(agent, 'u000014', made)).rejects.toMatchObject({ code: 'not-found' })

    const done = await finish('hugo', 'u000014', String(still.retry))
    expect(done).toEqual({ targets: [written('second')], isComplete: true, retry: null })
    expect(await proves('second', 'u000014', password)).toMatchObject({ outcome: 'accepted' })
    await expect(finish('hugo', 'u000014', String(still.retry))).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a newer password ends what was left of an older one', async () => {
    await second.kill()
    const { retry } = await reset('u000015')
    await backAgain('second')
    await reset('u000015', { password: 'a newer sentence, for both' })
    await expect(finish('hugo', 'u000015', String(retry))).rejects.toMatchObject({ code: 'not-found' })
    expect(await proves('second', 'u000015', 'a newer sentence, for both')).toMatchObject({
      outcome: 'accepted',
    })
  })

  test('what is kept for the retry is not in clear', async () => {
    await second.kill()
    await reset('u000016')
    const kept = await desk
      .services()
      .ephemeral.get(`password-unfinished:acme:${await accountIdFor('u000016')}`)
    await backAgain('second')
    expect(kept).not.toBeNull()
    expect(kept).not.toContain(password)
  })

  test('a person who changes their own password brings it there themselves', async () => {
    await second.kill()
    const result = await change('u000017', 'pw-u000017', password)
    await backAgain('second')
    expect(result).toMatchObject({
      targets: [{ directory: 'main' }, { outcome: 'failed' }],
      isComplete: false,
    })
    const [id, given] = [await accountIdFor('u000017'), { id: String(result.retry), origin: {} }]
    expect(await finishChange(desk.services(), tenant, id, given, new Date())).toMatchObject({
      isComplete: true,
    })
    expect(await proves('second', 'u000017', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('nothing is written when it is the first that is down', async () => {
    await desk.slapd().kill()
    await expect(change('u000018', 'pw-u000018', password)).rejects.toMatchObject({
      code: 'directory-unavailable',
    })
    await backAgain('main')
    expect(await proves('second', 'u000018', 'pw-u000018')).toMatchObject({ outcome: 'accepted' })
  })
})

describe('a change by the owner', () => {
  test('sets the second too where the old password is another one there', async () => {
    await inSecond('u000020', 'replace: userPassword\nuserPassword: something else here')
    expect(await change('u000020', 'pw-u000020', password)).toMatchObject({ isComplete: true })
    expect(await proves('second', 'u000020', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('writes nothing anywhere when the old password is wrong for the first', async () => {
    await expect(change('u000021', 'not this one', password)).rejects.toMatchObject({
      code: 'wrong-password',
    })
    expect(await proves('second', 'u000021', 'pw-u000021')).toMatchObject({ outcome: 'accepted' })
  })
})

describe('a password that is elsewhere', () => {
  const passThrough = async (login: string, identity: string) =>
    await desk.modify(login, `replace: userPassword\nuserPassword: {SASL}${identity}`)

  test('is reset and changed where it is, once, and what stands here stays', async () => {
    await passThrough('u000030', 'u000031@second.EXAMPLE')
    // `alsoIn` would lead to u000030 there, a password of its own: it is written too.
    expect(await reset('u000030')).toMatchObject({
      targets: [written('second'), written('second')],
      isComplete: true,
    })
    expect(await proves('second', 'u000031', password)).toMatchObject({ outcome: 'accepted' })
    expect(await desk.attribute('u000030', 'userPassword')).toBe(
      Buffer.from('{SASL}u000031@second.EXAMPLE').toString('base64'),
    )
    await passThrough('u000032', 'u000032@second.example')
    expect(await change('u000032', 'pw-u000032', password)).toMatchObject({ targets: [written('second')] })
    expect(await proves('second', 'u000032', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('is refused in words where no rule leads to exactly one entry', async () => {
    const elsewhere = { code: 'password-elsewhere' }
    await passThrough('u000033', 'u000033@another.example')
    await expect(reset('u000033')).rejects.toMatchObject(elsewhere)
    await passThrough('u000033', 'nobody@second.example')
    await expect(reset('u000033')).rejects.toMatchObject(elsewhere)
    await inSecond('u000034', 'add: uid\nuid: shared-name')
    await inSecond('u000035', 'add: uid\nuid: shared-name2')
    const { directories } = withSecond({
      passThrough: [{ directory: 'second', base: `ou=people,${suffix}`, attribute: 'objectClass' }],
    })
    const vague = desk.open({ directories })
    await passThrough('u000033', 'inetOrgPerson@any')
    const asked = { password, mustChange: false }
    await expect(desk.reset('hugo', 'u000033', asked, vague)).rejects.toMatchObject(elsewhere)
  })

  test('has a forced change where it is', async () => {
    await passThrough('u000036', 'u000036@second.example')
    expect(await desk.act('hugo', 'require-change', 'u000036', {}, tenant)).toBe('done')
    expect(await proves('second', 'u000036', 'pw-u000036')).toMatchObject({ mustChange: true })
  })
})
