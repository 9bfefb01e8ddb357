import { afterAll, beforeAll, expect, test } from 'vitest'
import { ldapmodify, ldapsearch, ldapTool, type Target } from '../../support/ldap-tools.ts'
import { app, dnOf, makeSeed, type Peer, startEmbedded, suffix } from './peers.ts'

const people = Object.fromEntries(
  Array.from({ length: 25 }, (_, index) => [`p${String(index).padStart(2, '0')}`, {}]),
)
let directory: Peer
let asApp: Target
const as = (uid: string, password = `pw-${uid}`): Target => ({ url: directory.url, dn: dnOf(uid), password })
beforeAll(async () => {
  directory = await startEmbedded(makeSeed({ ...people, reset: { pwdReset: 'TRUE' } }))
  asApp = { url: directory.url, ...app }
})
afterAll(() => directory.stop())

test('anyone reads the root DSE and the schema, nobody else anything', async () => {
  const root = await ldapTool('ldapsearch', { url: directory.url }, [
    '-LLL',
    '-s',
    'base',
    '-b',
    '',
    '*',
    '+',
  ])
  expect(root).toContain(`namingContexts: ${suffix}\n`)
  expect(root).toContain('vendorName: IDaaS embedded directory\n')
  const schema = await ldapTool('ldapsearch', { url: directory.url }, [
    '-LLL',
    '-s',
    'base',
    '-b',
    'cn=Subschema',
    'attributeTypes',
  ])
  expect(schema).toContain("NAME ( 'uid' 'userid' )")
  await expect(ldapsearch({ url: directory.url }, suffix, '(uid=*)')).rejects.toThrow('No such object')
})

test('ldapsearch reads page by page', async () => {
  const found = await ldapTool('ldapsearch', asApp, [
    '-LLL',
    '-E',
    'pr=7/noprompt',
    '-b',
    suffix,
    '(uid=p*)',
    '1.1',
  ])
  expect(new Set(found.match(/^dn: .*/gm))).toHaveLength(25)
})

test('ldapsearch sorts, on the server', async () => {
  const found = await ldapTool('ldapsearch', asApp, [
    '-LLL',
    '-E',
    'sss=-uid',
    '-b',
    suffix,
    '(uid=p0*)',
    'uid',
  ])
  const logins = [...found.matchAll(/^uid: (.*)/gm)].map(([, login]) => login)
  expect(logins).toEqual(Array.from({ length: 10 }, (_, index) => `p0${9 - index}`))
})

test('the value-less password policy control of ldapsearch -e ppolicy hurts nobody', async () => {
  const found = await ldapTool('ldapsearch', asApp, [
    '-LLL',
    '-e',
    'ppolicy',
    '-b',
    suffix,
    '(uid=p01)',
    'uid',
  ])
  expect(found).toContain('uid: p01')
  const asked = ldapTool('ldapwhoami', as('reset'), ['-e', 'ppolicy'])
  expect(await asked).toContain(dnOf('reset'))
})

test('attributes come in the spelling they were written in, with any letters asked for', async () => {
  await ldapmodify(asApp, `dn: ${dnOf('p02')}\nchangetype: modify\nadd: givenName\ngivenName: Élodie\n`)
  const found = await ldapsearch(asApp, suffix, '(givenname=ÉLODIE)', 'GIVENNAME')
  expect(found).toContain(`givenName:: ${Buffer.from('Élodie').toString('base64')}`)
})

test('ldapadd, ldapmodify, ldapcompare, ldapmodrdn and ldapdelete do what they say', async () => {
  const dn = dnOf('new')
  await ldapTool(
    'ldapmodify',
    asApp,
    ['-a'],
    `dn: ${dn}\nobjectClass: inetOrgPerson\nuid: new\ncn: New\nsn: New\n`,
  )
  await ldapmodify(
    asApp,
    `dn: ${dn}\nchangetype: modify\nreplace: title\ntitle: Boss\n-\nadd: description\ndescription: x\n`,
  )
  // ldapcompare says TRUE or FALSE by its exit code, 6 or 5.
  await expect(ldapTool('ldapcompare', asApp, [dn, 'title:boss'])).rejects.toThrow('TRUE')
  await expect(ldapTool('ldapcompare', asApp, [dn, 'title:clerk'])).rejects.toThrow('FALSE')
  await ldapTool('ldapmodrdn', asApp, ['-r', '-s', `ou=other,${suffix}`, dn, 'uid=newer'])
  expect(await ldapsearch(asApp, suffix, '(uid=newer)', 'title')).toBe(
    `dn: uid=newer,ou=other,${suffix}\ntitle: Boss\n\n`,
  )
  await ldapTool('ldapdelete', asApp, [`uid=newer,ou=other,${suffix}`])
  expect(await ldapsearch(asApp, suffix, '(uid=newer)')).toBe('')
})

test('ldapadd says what is wrong with an entry', async () => {
  const added = ldapTool(
    'ldapmodify',
    asApp,
    ['-a'],
    `dn: ${dnOf('bad')}\nobjectClass: inetOrgPerson\nuid: bad\ncn: Bad\n`,
  )
  await expect(added).rejects.toThrow("object class 'person' requires attribute 'sn'")
})

test('ldappasswd sets, and generates, passwords', async () => {
  await ldapTool('ldappasswd', as('p03'), ['-a', 'pw-p03', '-s', 'a new password'])
  expect(await ldapTool('ldapwhoami', as('p03', 'a new password'), [])).toBe(`dn:${dnOf('p03')}\n`)
  const [, generated] = /New password: (\S+)/.exec(await ldapTool('ldappasswd', asApp, [dnOf('p04')])) ?? []
  expect(generated).toMatch(/^[A-Za-z0-9]{16}$/)
  expect(await ldapTool('ldapwhoami', as('p04', generated), [])).toBe(`dn:${dnOf('p04')}\n`)
  const short = ldapTool('ldappasswd', as('p05'), ['-s', 'short', '-e', 'ppolicy'])
  await expect(short).rejects.toThrow('Password fails quality checking policy')
})

test('passwords are stored hashed, and only a service account sees the hash', async () => {
  await ldapmodify(
    asApp,
    `dn: ${dnOf('p06')}\nchangetype: modify\nreplace: userPassword\nuserPassword: clear-text-1\n`,
  )
  const [, stored = ''] =
    /userPassword:: (\S+)/.exec(await ldapsearch(asApp, suffix, '(uid=p06)', 'userPassword')) ?? []
  expect(Buffer.from(stored, 'base64').toString()).toMatch(/^\{SCRYPT\}16384\$8\$1\$/)
  expect(await ldapsearch(as('p07'), suffix, '(uid=p06)', '*', '+')).not.toMatch(/userPassword|pwdHistory/i)
  expect(await ldapsearch(as('p07'), suffix, '(userPassword=*)')).toBe('')
})

test('a bind with a name and no password is refused', async () => {
  await expect(ldapTool('ldapwhoami', as('p08', ''), [])).rejects.toThrow('unauthenticated bind')
})

test('a group that loses its last member stays, empty, and takes new ones', async () => {
  const group = `cn=single,ou=groups,${suffix}`
  await ldapTool(
    'ldapmodify',
    asApp,
    ['-a'],
    `dn: ${group}\nobjectClass: groupOfNames\ncn: single\nmember: ${dnOf('p10')}\n`,
  )
  await ldapTool('ldapdelete', asApp, [dnOf('p10')])
  expect(await ldapsearch(asApp, suffix, '(cn=single)', 'member')).toBe(`dn: ${group}\n\n`)
  await ldapmodify(asApp, `dn: ${group}\nchangetype: modify\nadd: member\nmember: ${dnOf('p11')}\n`)
  expect(await ldapsearch(asApp, suffix, '(uid=p11)', 'memberOf')).toContain(`memberOf: ${group}`)
})
