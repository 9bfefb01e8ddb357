import { expect, onTestFinished, test } from 'vitest'
import { asRoot, ldapmodify, ldapsearch, ldapTool } from './ldap-tools.ts'
import { type Slapd, type SlapdOptions, startSlapd } from './slapd.ts'

async function start(options?: SlapdOptions): Promise<Slapd> {
  const slapd = await startSlapd(options)
  onTestFinished(() => slapd.stop())
  return slapd
}

const asApp = (slapd: Slapd) => ({ url: slapd.url, dn: slapd.appDn, password: slapd.appPassword })

const search = (slapd: Slapd, filter: string, ...attributes: string[]): Promise<string> =>
  ldapsearch(asApp(slapd), slapd.suffix, filter, ...attributes)

test('people have names with accents, managers and groups', async () => {
  const slapd = await start()
  const found = await search(slapd, '(uid=hugo)', 'sn', 'manager', 'memberOf')
  expect(found).toContain(`sn:: ${Buffer.from('GRÜNWALD').toString('base64')}`)
  expect(found).toContain(`manager: uid=ada,ou=people,${slapd.suffix}`)
  expect(found).toContain(`memberOf: cn=service-desk,ou=groups,${slapd.suffix}`)
})

test('10,000 people are there at once', async () => {
  const slapd = await start({ seed: { people: 10_000 }, suffix: 'dc=acme,dc=example' })
  const found = await search(slapd, '(objectClass=inetOrgPerson)', '1.1')
  expect(found.match(/^dn:/gm)).toHaveLength(10_000)
})

test('a killed slapd comes back on its port with its data', async () => {
  const slapd = await start()
  await slapd.kill()
  await expect(search(slapd, '(uid=hugo)')).rejects.toThrow("Can't contact LDAP server")
  await slapd.restart()
  expect(await search(slapd, '(uid=hugo)', 'mail')).toContain('mail: hugo.grunwald@example.org')
})

test('every overlay loads, and a configuration error is told', async () => {
  await start({
    overlays: ['memberof', 'refint', 'unique', 'ppolicy', 'sssvlv', 'syncprov', 'dynlist', 'accesslog'],
  })
  await expect(startSlapd({ databaseLines: 'nonsense' })).rejects.toThrow('nonsense')
})

test('people sign in with pw-<uid>, and the policy holds the service account too', async () => {
  const slapd = await start()
  const dn = `uid=alice,ou=people,${slapd.suffix}`
  const whoami = await ldapTool('ldapwhoami', { url: slapd.url, dn, password: 'pw-alice' }, [])
  expect(whoami).toBe(`dn:${dn}\n`)
  const short = ldapTool('ldappasswd', asApp(slapd), ['-s', 'short', dn])
  await expect(short).rejects.toThrow('Password fails quality checking policy')
})

test('passwords can be hashed with ARGON2', async () => {
  const slapd = await start({ seed: { people: 5, argon2: true }, passwordHash: '{ARGON2}' })
  const dn = `uid=alice,ou=people,${slapd.suffix}`
  await ldapTool('ldapwhoami', { url: slapd.url, dn, password: 'pw-alice' }, [])
  expect(await ldapsearch(asRoot(slapd), slapd.suffix, '(uid=alice)', 'userPassword')).toContain(
    Buffer.from('{ARGON2}$argon2id$').toString('base64'),
  )
  await ldapTool('ldappasswd', asApp(slapd), ['-s', 'a longer one', dn])
  await ldapTool('ldapwhoami', { url: slapd.url, dn, password: 'a longer one' }, [])
})

test('a group of the directory can be changed behind the service’s back', async () => {
  const slapd = await start()
  const group = `cn=service-desk,ou=groups,${slapd.suffix}`
  const alice = `uid=alice,ou=people,${slapd.suffix}`
  await ldapmodify(asRoot(slapd), `dn: ${group}\nchangetype: modify\nadd: member\nmember: ${alice}\n`)
  expect(await search(slapd, '(uid=alice)', 'memberOf')).toContain(`memberOf: ${group}`)
})

test.each([
  ['2.5', '2.5.'],
  ['2.6', '2.6.'],
] as const)('slapd %s is what it says, with the same people and rules', async (version, said) => {
  const slapd = await start({ version })
  const monitor = await ldapsearch(asApp(slapd), 'cn=monitor', '(objectClass=monitorServer)', 'monitoredInfo')
  expect(monitor).toContain(`monitoredInfo: OpenLDAP: slapd ${said}`)
  const dn = `uid=alice,ou=people,${slapd.suffix}`
  const whoami = await ldapTool('ldapwhoami', { url: slapd.url, dn, password: 'pw-alice' }, [])
  expect(whoami).toBe(`dn:${dn}\n`)
  await expect(ldapTool('ldappasswd', asApp(slapd), ['-s', 'short', dn])).rejects.toThrow('quality')
})
