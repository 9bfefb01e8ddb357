import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { directorySchema } from '../../src/config/directory-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { dn, toDn, type Dn } from '../../src/ldap/dn.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { startReplicated, type Replica, type Replicated } from '../support/replicas.ts'
import { accepted } from './suite/suite.ts'

let servers: Replicated
let replica: Replica
let directory: Directory
let last = 9
let person: Dn

beforeAll(async () => {
  servers = await startReplicated(1)
  const [only] = servers.replicas
  if (only === undefined) throw new Error('no replica')
  replica = only
  directory = open()
  replica.line.hold()
})
function open(): Directory {
  const { url, appDn, appPassword, suffix } = servers.primary
  const config = directorySchema.parse({
    name: 'main',
    urls: [replica.url],
    primaries: [url],
    bind: { dn: appDn, password: appPassword },
    defaultPolicy: `cn=default,ou=policies,${suffix}`,
  })
  return openDirectory(config, 'openldap')
}

afterAll(async () => {
  replica.line.release()
  await directory.close()
  await servers.stop()
})
beforeEach(() => {
  person = dn`uid=${`u${String(++last).padStart(6, '0')}`},${toDn(`ou=people,${servers.primary.suffix}`)}`
})

/** At the primary, by somebody else; the replica does not hear of it. */
const elsewhere = (lines: string) =>
  ldapmodify(asRoot(servers.primary), `dn: ${person}\nchangetype: modify\n${lines}\n`)
const entryAtReplica = async () => {
  const entry = await directory.read(person, directory.stateAttributes)
  if (entry === null) throw new Error('no entry')
  return entry
}
const reset = async () =>
  directory.setPassword(person, accepted('Written while behind-1'), {
    mustChange: false,
    entry: await entryAtReplica(),
  })

describe('while the replica that answers reads is behind', () => {
  test('a reset puts an agent’s lock back of which the replica knows nothing', async () => {
    await elsewhere('replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
    expect(await reset()).toMatchObject({ outcome: 'written', putBack: ['lock'] })
  })

  test('a reset does not reopen what another tool has just closed', async () => {
    await elsewhere('replace: userPassword\nuserPassword: {SSHA}!AAAA')
    expect(await reset()).toEqual({ outcome: 'refused', reason: 'closed-elsewhere' })
  })

  test('an act is judged by what is true, and done', async () => {
    expect(await directory.disable(person, new Date())).toBe('done')
    await elsewhere('delete: pwdStartTime')
    expect(await directory.disable(person, new Date())).toBe('done')
    await elsewhere('replace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z')
    expect(await directory.lock(person, new Date())).toBe('already-so')
    expect(await directory.unlock(person)).toBe('done')
  })
})

test('a lock that wrong passwords led to at the replica alone is lifted there by unlocking', async () => {
  replica.line.release()
  const fresh = open()
  for (let tries = 0; tries < 6; tries++) await fresh.verifyPassword(person, 'wrong')
  const kinds = async () => {
    const entry = await fresh.read(person, fresh.stateAttributes)
    return entry && (await fresh.accountState(entry, new Date())).conditions.map(({ kind }) => kind)
  }
  expect(await kinds()).toContain('locked')
  expect(await fresh.unlock(person)).toBe('done')
  expect(await kinds()).toEqual([])
  const { outcome } = await fresh.verifyPassword(person, `pw-u${String(last).padStart(6, '0')}`)
  expect(outcome).toBe('accepted')
  await fresh.close()
})
