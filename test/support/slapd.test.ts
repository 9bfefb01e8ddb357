import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { findProgram } from './programs.ts'
import { type Slapd, type SlapdOptions, startSlapd } from './slapd.ts'

const run = promisify(execFile)

async function start(options?: SlapdOptions): Promise<Slapd> {
  const slapd = await startSlapd(options)
  onTestFinished(() => slapd.stop())
  return slapd
}

async function search(slapd: Slapd, filter: string, ...more: string[]): Promise<string> {
  const { path, env } = findProgram('ldapsearch')
  const bind = [
    '-x',
    '-H',
    slapd.url,
    '-D',
    slapd.appDn,
    '-w',
    slapd.appPassword,
    '-LLL',
    '-o',
    'ldif-wrap=no',
  ]
  const { stdout } = await run(path, [...bind, '-b', slapd.suffix, filter, ...more], {
    env,
    maxBuffer: 2 ** 26,
  })
  return stdout
}

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
