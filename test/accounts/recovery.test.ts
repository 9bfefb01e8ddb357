import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { finishRecovery } from '../../src/accounts/recovery/finish-recovery.ts'
import { findRecovery, openRecoveryLink } from '../../src/accounts/recovery/recovery-link.ts'
import { requestRecovery } from '../../src/accounts/recovery/request-recovery.ts'
import type { Jobs } from '../../src/jobs/start-jobs.ts'
import { dn } from '../../src/ldap/dn.ts'
import { Problem } from '../../src/problems/problem.ts'
import { useAccounts } from './use-accounts.ts'

const accounts = useAccounts({ changes: { issuer: 'https://id.acme.example' } })
const { link, recover, proves, modify, trace, setup, mails, ended } = accounts

const fresh = 'seven blue horses run'
const invalid = { code: 'invalid-token' }

/** A link's token that the person certainly got. */
async function linkFor(login: string): Promise<string> {
  const token = await link(login)
  if (token === null) throw new Error(`${login} got no mail`)
  return token
}

describe('a recovery link', () => {
  test('goes to all addresses of the person, from the tenant’s own URL, asked for by login or by address', async () => {
    await modify('u000010', 'add: mail\nmail: second@example.org')
    for (const identifier of ['u000010', ' U000010 ', 'second@example.org', 'SECOND@EXAMPLE.ORG']) {
      expect(await link(identifier)).toMatch(/^[\w-]{43}$/)
    }
    const { to, mail } = mails.at(-1) ?? {}
    expect(to).toHaveLength(2)
    expect(mail).toMatchObject({
      link: expect.stringMatching(/^https:\/\/id\.acme\.example\/recover\/finish\?token=/),
      minutes: 10,
    })
    expect(await trace('u000010', 'recovery.start')).toEqual(['done', 'done', 'done', 'done'])
  })

  test('goes to nobody who is unknown, whose address two people have, who has a role, or no address', async () => {
    await modify('u000011', 'delete: mail')
    await accounts.add(`dn: uid=twin,ou=services,dc=example,dc=org
objectClass: inetOrgPerson
cn: Twin
sn: Twin
mail: alice.martin@example.org
`)
    const whole = accounts.open({
      uses: { signIn: [{ directory: 'main', base: 'dc=example,dc=org' }], groups: [] },
      roles: [],
    })
    expect(await link('nobody')).toBeNull()
    expect(await link('')).toBeNull()
    expect(await link('*')).toBeNull()
    expect(await link('alice.martin@example.org', whole)).toBeNull()
    expect(await link('hugo')).toBeNull()
    expect(await link('ada')).toBeNull()
    expect(await link('u000011')).toBeNull()
    expect(await trace('hugo', 'recovery.start')).toEqual(['refused more-privileged'])
    expect(await trace('u000011', 'recovery.start')).toEqual(['refused no-mail'])
  })

  test('goes to nobody where recovery is off', async () => {
    expect(await link('alice', accounts.open({ recovery: { enabled: false } }))).toBeNull()
  })

  test('is 256 random bits, of which the store knows a hash only, for ten minutes', async () => {
    const token = await linkFor('u000012')
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const redis = new Redis(setup().redisUrl)
    const keys = await redis.keys('recovery*')
    const values = await Promise.all(keys.map((key) => redis.get(key)))
    expect(keys.length).toBeGreaterThan(0)
    expect([...keys, ...values].join('\n')).not.toContain(token)
    for (const key of keys) {
      const ttl = await redis.ttl(key)
      expect(ttl).toBeGreaterThan(0)
      expect(ttl).toBeLessThanOrEqual(600)
    }
    await redis.quit()
  })

  test('sets the password once: of twenty at once one succeeds', async () => {
    const token = await linkFor('u000013')
    const before = mails.length
    const tries = Array.from({ length: 20 }, (_, n) =>
      recover(token, `${fresh} ${'abcdefghijklmnopqrst'[n]}`),
    )
    const results = await Promise.allSettled(tries)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = results.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.code)] : []))
    expect(new Set(codes)).toEqual(new Set(['invalid-token']))
    expect(mails.slice(before).map(({ mail }) => mail.template)).toEqual(['password-changed'])
    expect(await trace('u000013', 'recovery.finish')).toEqual(['attempted', 'done'])
    await expect(recover(token, fresh)).rejects.toMatchObject(invalid)
  })

  test('is not used up by looking, nor by a password that is refused', async () => {
    const token = await linkFor('u000014')
    const { ephemeral, tenant, second } = setup()
    for (const store of [ephemeral, second]) expect(await findRecovery(store, tenant, token)).not.toBeNull()
    await expect(recover(token, 'lefevre')).rejects.toMatchObject({ code: 'password-refused' })
    await recover(token, fresh)
    const again = await linkFor('u000014')
    await expect(recover(again, fresh)).rejects.toMatchObject({
      faults: [{ reason: 'directory-in-history' }],
    })
    await recover(again, 'another long sentence')
  })

  test('is not used up while the audit is away, which refuses the act', async () => {
    const token = await linkFor('u000026')
    const refuse = async () => {
      throw new Problem('audit-unavailable')
    }
    const services = { ...accounts.services(), trail: { record: refuse, act: refuse } }
    const given = { token, password: fresh, origin: {} }
    await expect(finishRecovery(services, setup().tenant, given, new Date())).rejects.toMatchObject({
      code: 'audit-unavailable',
    })
    await recover(token, fresh)
    expect(await proves('u000026', fresh)).toBe('accepted')
  })

  test('does not live longer because a password was refused', async () => {
    const short = accounts.open({ recovery: { lifetime: 1 } })
    const id = await accounts.accountId('u000015')
    const token = await openRecoveryLink(setup().ephemeral, short, id)
    const redis = new Redis(setup().redisUrl)
    for (const key of await redis.keys('recovery-current*')) await redis.expire(key, 0)
    await redis.quit()
    expect(await findRecovery(setup().ephemeral, short, token)).toBeNull()
  })

  test.each(['a newer link', 'a change', 'another recovery'])('ends with %s', async (what) => {
    const login =
      { 'a newer link': 'u000016', 'a change': 'u000017', 'another recovery': 'u000018' }[what] ?? ''
    const token = await linkFor(login)
    if (what === 'a change') await accounts.change(login, { password: fresh })
    else {
      const newer = await linkFor(login)
      if (what === 'another recovery') await recover(newer, fresh)
    }
    await expect(recover(token, 'another long sentence')).rejects.toMatchObject(invalid)
  })

  test('works for nobody who has got a role since, nor at another tenant', async () => {
    const token = await linkFor('u000019')
    const { ephemeral, tenant } = setup()
    expect(await findRecovery(ephemeral, { ...tenant, name: 'other' }, token)).toBeNull()
    await accounts.add(`dn: cn=service-desk,ou=groups,dc=example,dc=org
changetype: modify
add: member
member: uid=u000019,ou=people,dc=example,dc=org
`)
    await expect(recover(token, fresh)).rejects.toMatchObject(invalid)
  })
})

describe('a recovered account', () => {
  test('has no session left, and is told at all its addresses', async () => {
    const token = await linkFor('u000020')
    await recover(token, fresh)
    expect(ended.at(-1)).toEqual({ accountId: await accounts.accountId('u000020'), except: undefined })
    expect(mails.at(-1)).toMatchObject({ mail: { template: 'password-changed' } })
    expect(await proves('u000020', fresh)).toBe('accepted')
  })

  test('can be signed in to at once, although its owner guessed until no more guess was allowed', async () => {
    for (let n = 0; n < 10; n++) await accounts.signIn({ login: 'u000021', address: `203.0.113.${n}` })
    const tooMany = { code: 'too-many-attempts' }
    await expect(accounts.signIn({ login: 'u000021' })).rejects.toMatchObject(tooMany)
    await recover(await linkFor('u000021'), fresh)
    expect(await accounts.signIn({ login: 'u000021', password: fresh })).toMatchObject({
      outcome: 'signed-in',
    })
  })

  test('stays disabled, or locked, when it was', async () => {
    const { directories } = setup().tenant
    const directory = directories.get('main')
    await directory?.disable(dn`uid=u000022,ou=people,dc=example,dc=org`, new Date())
    await directory?.lock(dn`uid=u000023,ou=people,dc=example,dc=org`, new Date())
    for (const login of ['u000022', 'u000023']) {
      await recover(await linkFor(login), fresh)
      expect(await proves(login, fresh)).toBe('refused')
    }
  })

  test('is left alone where another system has closed it or owns its password', async () => {
    for (const [login, value, code] of [
      ['u000024', '{SASL}u000024@ad.example', 'password-elsewhere'],
      ['u000025', '{SSHA}!c2FsdGVkaGFzaA==', 'closed-elsewhere'],
    ] as const) {
      const token = await linkFor(login)
      await modify(login, `replace: userPassword\nuserPassword: ${value}`)
      await expect(recover(token, fresh)).rejects.toMatchObject({ code })
      const kept = Buffer.from(String(await accounts.attribute(login, 'userPassword')), 'base64').toString()
      expect(kept).toBe(value)
      expect(await trace(login, 'recovery.finish')).toEqual(['attempted', `refused ${code}`])
    }
  })
})

describe('asking for a link', () => {
  /** Asks `count` times; gives what was queued. */
  async function ask(count: number, identifierOf: (n: number) => string, addressOf: (n: number) => string) {
    const queued: unknown[] = []
    const jobs: Pick<Jobs, 'send'> = { send: async (_, payload) => void queued.push(payload) }
    const { ephemeral, tenant } = setup()
    await Promise.all(
      Array.from({ length: count }, (_, n) =>
        requestRecovery({ ephemeral, jobs }, tenant, identifierOf(n), { address: addressOf(n) }),
      ),
    )
    return queued
  }

  test('is queued as typed, for known and unknown alike', async () => {
    expect(
      await ask(
        1,
        () => ' Nobody ',
        () => '192.0.2.50',
      ),
    ).toEqual([{ tenant: 'acme', identifier: 'Nobody', origin: { address: '192.0.2.50' } }])
    expect(
      await ask(
        1,
        () => '   ',
        () => '192.0.2.50',
      ),
    ).toEqual([])
  })

  test('mails one person five times in ten minutes at most, however they are spelled', async () => {
    const spellings = ['zoe', 'ZOE', ' zoe ']
    expect(
      await ask(
        20,
        (n) => spellings[n % 3] ?? '',
        (n) => `203.0.113.${n}`,
      ),
    ).toHaveLength(5)
  })

  test('mails thirty times for one address in ten minutes at most, and says nothing about it', async () => {
    expect(
      await ask(
        40,
        (n) => `person-${n}`,
        () => '192.0.2.51',
      ),
    ).toHaveLength(30)
  })
})
