import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { renaming } from '../../src/directory/rename.ts'
import { dn, toDn, type Dn } from '../../src/ldap/dn.ts'
import { filter } from '../../src/ldap/filter.ts'
import { text } from '../../src/ldap/entry.ts'
import type { Operations } from '../../src/ldap/operations.ts'
import { createPool } from '../../src/ldap/pool.ts'
import { asRoot, ldapTool, ldapmodify } from '../support/ldap-tools.ts'
import { until } from '../support/poll.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { testTenantConfig } from '../support/tenant.ts'
import { uidOf } from './use-openldap.ts'

let slapd: Slapd
let directory: Directory
beforeAll(async () => {
  slapd = await startSlapd({
    overlays: ['memberof', 'unique', 'ppolicy'],
    // As many customers have it.
    databaseLines:
      'overlay refint\nrefint_attributes member\noverlay constraint\nconstraint_attribute associatedName regex ^uid=u',
    globalLines: 'moduleload constraint',
  })
  const [config] = testTenantConfig(slapd).directories
  if (config === undefined) throw new Error('no directory')
  directory = openDirectory(config, 'openldap')
})
afterAll(async () => {
  await directory.close()
  await slapd.stop()
})

const person = (uid: string): Dn => dn`uid=${uid},${toDn(`ou=people,${slapd.suffix}`)}`
const to = (uid: string) => ({ rdn: { attribute: 'uid', value: uid } })
const values = async (at: string, name: string) => {
  const entry = await directory.read(toDn(at), [name])
  return entry === null ? null : text(entry, name)
}

/** Entries that hold the person in every way that standard schemas know. */
async function addHolders(uid: string): Promise<{ role: string; unique: string; group: string }> {
  const at = (name: string) => `cn=${name}-${uid},ou=groups,${slapd.suffix}`
  const holders = { role: at('role'), unique: at('unique'), group: at('group') }
  const self = person(uid)
  const ldif = `dn: ${holders.role}
objectClass: organizationalRole
cn: role-${uid}
roleOccupant: ${self}
seeAlso: ${self}

dn: ${holders.unique}
objectClass: groupOfUniqueNames
cn: unique-${uid}
uniqueMember: ${self}
uniqueMember: ${self}#'0101'B
uniqueMember: ${person(uidOf(40))}
owner: ${self}

dn: ${holders.group}
objectClass: groupOfNames
cn: group-${uid}
member: ${self}
owner: ${self.toUpperCase()}
`
  await ldapTool('ldapmodify', asRoot(slapd), ['-a'], ldif)
  await ldapmodify(
    asRoot(slapd),
    `dn: ${person(uidOf(41))}\nchangetype: modify\nreplace: manager\nmanager: ${self}\n-\nreplace: secretary\nsecretary: ${self}\n`,
  )
  return holders
}

/** No attribute of the directory names the old DN any more. */
async function expectNobodyNames(old: string): Promise<void> {
  const names = ['member', 'uniqueMember', 'manager', 'owner', 'seeAlso', 'secretary', 'roleOccupant']
  for (const name of names) {
    const query = { base: toDn(slapd.suffix), filter: filter`(objectClass=*)`, attributes: [name] }
    const entries = await Array.fromAsync(directory.list(query))
    const all = entries.flatMap((entry) => text(entry, name)).map((value) => value.toLowerCase())
    expect(all.filter((value) => value.startsWith(old.toLowerCase()))).toEqual([])
  }
}

test('a rename repairs every attribute that holds the DN, also those that refint does not know', async () => {
  const old = uidOf(10)
  const { role, unique, group } = await addHolders(old)
  const renamed = await directory.rename(person(old), to('renée.née'))

  const now = person('renée.née')
  expect(renamed).toMatchObject({ dn: now, failed: [] })
  expect(renamed.repaired).toEqual(expect.arrayContaining([role, unique, person(uidOf(41))].map(toDn)))
  expect(await values(now, 'uid')).toEqual(['renée.née'])
  expect(await values(role, 'roleOccupant')).toEqual([now])
  expect(await values(role, 'seeAlso')).toEqual([now])
  expect((await values(unique, 'uniqueMember'))?.toSorted()).toEqual(
    [now, `${now}#'0101'B`, person(uidOf(40))].toSorted(),
  )
  expect(await values(unique, 'owner')).toEqual([now])
  expect(await values(group, 'owner')).toEqual([now])
  expect(await values(group, 'member')).toEqual([now])
  expect(await values(person(uidOf(41)), 'manager')).toEqual([now])
  expect(await values(person(uidOf(41)), 'secretary')).toEqual([now])
  await expectNobodyNames(person(old))
})

test('a rename that died half-way is brought to its end by doing it again', async () => {
  const old = uidOf(11)
  const { role } = await addHolders(old)
  // What a process leaves behind that died after the first step.
  await ldapTool('ldapmodrdn', asRoot(slapd), ['-r', person(old), 'uid=half-way'])

  const renamed = await directory.rename(person(old), to('half-way'))
  expect(renamed).toMatchObject({ dn: person('half-way'), failed: [] })
  expect(await values(role, 'roleOccupant')).toEqual([person('half-way')])
  await expectNobodyNames(person(old))
  expect(await directory.rename(person(old), to('half-way'))).toMatchObject({ repaired: [], failed: [] })
})

test('a holder that has the new name too keeps it once', async () => {
  const old = uidOf(12)
  const { role } = await addHolders(old)
  await ldapmodify(
    asRoot(slapd),
    `dn: ${role}\nchangetype: modify\nadd: seeAlso\nseeAlso: ${person('twice')}\n`,
  )
  await directory.rename(person(old), to('twice'))
  expect(await values(role, 'seeAlso')).toEqual([person('twice')])
})

test('an entry that cannot be written is told, and the others are repaired', async () => {
  const old = uidOf(13)
  const { role } = await addHolders(old)
  const stubborn = `dc=stubborn,${slapd.suffix}`
  const ldif = `dn: ${stubborn}\nobjectClass: domain\ndc: stubborn\nassociatedName: ${person(old)}\n`
  await ldapTool('ldapmodify', asRoot(slapd), ['-a'], ldif)

  const { failed, repaired } = await directory.rename(person(old), to('told'))
  expect(failed).toEqual([stubborn])
  expect(repaired).toContain(role)
})

test('nothing is renamed where what has to follow cannot be found', async () => {
  await hideSchema(slapd)
  await expect(directory.rename(person(uidOf(17)), to('too-early'))).rejects.toMatchObject({
    code: 'directory-refused',
  })
  expect(await values(person(uidOf(17)), 'uid')).toEqual([uidOf(17)])
  await slapd.restart()
})

test('a rename after which the server dies is told as unfinished, and goes on when it is back', async () => {
  const old = uidOf(18)
  const { role } = await addHolders(old)
  const pool = dyingAfterRename()
  expect(await renaming(pool).rename(person(old), to('survivor'))).toEqual({
    dn: person('survivor'),
    repaired: [],
    failed: [],
    unsearched: [slapd.suffix],
  })
  await slapd.restart()
  await until(() => directory.ping().then(() => true), { within: 10_000 })
  const again = await directory.rename(person(old), to('survivor'))
  expect(again).toMatchObject({ failed: [], unsearched: [] })
  expect(again.repaired).toContain(role)
})

/** The directory's pool, whose server is killed as soon as it has moved an entry. */
function dyingAfterRename(): Operations {
  const bind = { dn: slapd.appDn, password: slapd.appPassword }
  const pool = createPool({ urls: [slapd.url], connect: { bind } })
  onTestFinished(() => pool.close())
  return {
    ...pool,
    modifyDn: async (...given) => {
      const moved = await pool.modifyDn(...given)
      await slapd.kill()
      return moved
    },
  }
}

/** Until the server restarts, nobody may read the schema. */
async function hideSchema({ url, rootPassword }: Slapd): Promise<void> {
  const rules = '{0}to dn.base="cn=Subschema" by * none\nolcAccess: {1}to * by * read'
  await ldapmodify(
    { url, dn: 'cn=config', password: rootPassword },
    `dn: olcDatabase={-1}frontend,cn=config\nchangetype: modify\nadd: olcAccess\nolcAccess: ${rules}\n`,
  )
}

test('a name that is taken is a conflict, among siblings and by the uniqueness of the login', async () => {
  const conflict = expect.objectContaining({ code: 'conflict' })
  await expect(directory.rename(person(uidOf(14)), to(uidOf(15)))).rejects.toThrow(conflict)
  // `unique` holds for the whole branch: the login is a second value of somebody with another RDN.
  await ldapmodify(
    asRoot(slapd),
    `dn: ${person(uidOf(16))}\nchangetype: modify\nadd: uid\nuid: second-login\n`,
  )
  await expect(directory.rename(person(uidOf(14)), to('second-login'))).rejects.toThrow(conflict)
  await expect(directory.rename(person('nobody'), to('somebody'))).rejects.toThrow(
    expect.objectContaining({ code: 'not-found' }),
  )
})
