import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directorySchema } from '../../src/config/directory-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { toDn, type Dn } from '../../src/ldap/dn.ts'
import { loginOf, passwordOf, personDn } from '../support/ds389-ldif.ts'
import { ldapmodify } from '../support/ldap-tools.ts'
import { asRootOf, startDs389Replicas } from './ds389-replicas.ts'
import { accepted, kindsOf } from './suite/suite.ts'

describe('a 389-DS and its replica, from which we read', () => {
  let servers: Awaited<ReturnType<typeof startDs389Replicas>>
  let directory: Directory
  const open = () => {
    const { supplier, consumer } = servers
    return openDirectory(
      directorySchema.parse({
        name: 'main',
        urls: [consumer.ldapsUrl],
        primaries: [supplier.ldapsUrl],
        ca: supplier.caFile,
        bind: { dn: supplier.appDn, password: supplier.appPassword },
      }),
      'ds389',
    )
  }
  const onBoth = async (lines: string) => {
    for (const server of [servers.supplier, servers.consumer])
      await ldapmodify(asRootOf(server), `dn: cn=config\nchangetype: modify\n${lines}\n`)
  }
  beforeAll(async () => {
    servers = await startDs389Replicas()
    await onBoth(
      `add: aci\naci: (targetattr="passwordIsGlobalPolicy")(version 3.0; acl "idaas reads what replicas get"; allow (read,search,compare) userdn="ldap:///${servers.supplier.appDn}";)`,
    )
    directory = open()
  }, 120_000)
  afterAll(async () => {
    await directory.close()
    await servers.stop()
  })

  const person = (index: number): Dn => toDn(personDn(index))
  const bind = async (index: number, password = passwordOf(loginOf(index))) =>
    (await directory.verifyPassword(person(index), password)).outcome
  const kinds = async (index: number) => {
    const entry = await directory.read(person(index), directory.stateAttributes)
    return entry === null ? [] : kindsOf(await directory.accountState(entry, new Date()))
  }

  it('refuses an agent’s lock, of which the replica would hear nothing', async () => {
    expect(await directory.lock(person(20), new Date())).toBe('not-enforced')
    expect(await bind(20)).toBe('accepted')
  })

  it('reads what it wrote, and waits in vain for no count of wrong passwords that only one of them has', async () => {
    const times: number[] = []
    for (const index of [21, 24, 25]) {
      for (let tries = 0; tries < 3; tries++) await bind(index, 'wrong')
      const started = performance.now()
      expect(await directory.disable(person(index), new Date())).toBe('done')
      times.push(performance.now() - started)
    }
    // In vain would be a second, each time.
    expect(Math.min(...times)).toBeLessThan(900)
    expect(await kinds(21)).toContain('disabled')
    expect(await bind(21)).toBe('refused')
  })

  it('has a reset password and the demand to change it wherever it reads', async () => {
    const written = await directory.setPassword(person(22), accepted('A-temporary-one-1'), {
      mustChange: true,
    })
    expect(written).toMatchObject({ outcome: 'written' })
    expect(await kinds(22)).toContain('must-change')
    expect(await bind(22, 'A-temporary-one-1')).toBe('accepted')
  })

  it('locks on both where locks are replicated', async () => {
    await onBoth('replace: passwordIsGlobalPolicy\npasswordIsGlobalPolicy: on')
    const replicating = open()
    try {
      expect(await replicating.lock(person(23), new Date())).toBe('done')
      await expect.poll(() => bind(23), { timeout: 5_000 }).toBe('refused')
      expect(await kinds(23)).toContain('locked')
      expect(await replicating.unlock(person(23))).toBe('done')
      await expect.poll(() => bind(23), { timeout: 5_000 }).toBe('accepted')
    } finally {
      await replicating.close()
    }
  })
})
