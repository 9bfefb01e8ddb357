import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { text } from '../../../src/ldap/entry.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { followTask } from '../../../sync/follow/follow-task.ts'
import { until } from '../../support/poll.ts'
import { type SambaAd, startSambaAd } from '../../support/samba-ad.ts'
import { baseDn, loginOf, personDn } from '../../support/samba-ad-ldif.ts'
import { type Slapd, startSlapd } from '../../support/slapd.ts'
import { startEngine, taskOf, type TestEngine } from '../engine.ts'

const suffix = 'dc=example,dc=org'
const people = `ou=people,${suffix}`
const unit = `OU=people,${baseDn}`

let ad: SambaAd
let slapd: Slapd
let domain: Connection
let directory: Connection
let engine: TestEngine

beforeAll(async () => {
  ;[ad, slapd] = await Promise.all([startSambaAd(), startSlapd({ seed: 'empty', overlays: [] })])
  const administrator = { dn: String(ad.admin.dn), password: String(ad.admin.password) }
  const root = { dn: slapd.rootDn, password: slapd.rootPassword }
  domain = await connect({ url: ad.ldapsUrl, tls: { ca: ad.ca }, bind: administrator })
  directory = await connect({ url: slapd.url, bind: root })
  await directory.add(suffix, { objectClass: ['dcObject', 'organization'], dc: ['example'], o: ['Example'] })
  await directory.add(people, { objectClass: ['organizationalUnit'] })
  const source = { urls: [ad.ldapsUrl], connect: { bind: administrator, tls: { ca: ad.ca } } }
  const destination = { urls: [slapd.url], connect: { bind: root } }
  const users = '(&(objectCategory=person)(objectClass=user))'
  engine = await startEngine(async () => ({
    source: await openLdapSide({ pool: source }, { role: 'source', base: unit, filter: users }),
    destination: await openLdapSide({ pool: destination }, { base: people, filter: '(uid=*)' }),
  }))
})
afterAll(async () => {
  domain.unbind()
  directory.unbind()
  await engine.close()
  await Promise.all([ad.stop(), slapd.stop()])
})

const task = taskOf({
  name: 'from-ad',
  pivots: [{ source: 'sAMAccountName', destination: 'uid' }],
  entryName: `dn\`uid=\${source.sAMAccountName},${people}\``,
  attributes: {
    objectClass: { force: '"inetOrgPerson"' },
    uid: { from: 'sAMAccountName' },
    cn: {},
    sn: { value: 'source.sn || source.cn' },
    mail: {},
    employeeType: {
      value:
        'AD.userAccountControlCheck(source.userAccountControl, AD.UAC_ACCOUNTDISABLE) ? "closed" : "open"',
    },
  },
  clean: { action: 'delete' },
  follow: true,
})

/** What is in the directory, by uid. */
async function accounts(): Promise<Record<string, string>> {
  const { entries } = await directory.searchAll({ base: people, scope: 'one' })
  return Object.fromEntries(
    entries.map((entry) => [
      text(entry, 'uid').join(),
      `${text(entry, 'sn').join()} ${text(entry, 'employeeType').join()}`,
    ]),
  )
}

const become = (uid: string, what: string | undefined, within: number): Promise<unknown> =>
  until(async () => (await accounts())[uid] === what, { within })

function following(): { stop: () => Promise<unknown> } {
  const controller = new AbortController()
  const end = followTask(task, engine.services, controller.signal)
  return {
    stop: () => {
      controller.abort()
      return end
    },
  }
}

const replace = (dn: string, attribute: string, value: string): Promise<unknown> =>
  domain.modify(dn, [{ operation: 'replace', attribute, values: [value] }])

test('a directory is filled from a domain, and a second run writes nothing', async () => {
  const first = await engine.run(task)
  expect(first).toMatchObject({ state: 'done', counts: { source: 120, failed: 0, done: { create: 120 } } })
  expect((await accounts())[loginOf(7)]).toBe('Person 7 open')
  const { planned } = (await engine.run(task)).counts
  expect(Object.values(planned).every((count) => count === 0)).toBe(true)
})

test('what changes in the domain is in the directory within seconds, also what changed while nobody followed', async () => {
  const first = following()
  await replace(personDn(1), 'sn', 'Live')
  await become(loginOf(1), 'Live open', 10_000)

  await replace(personDn(1), 'sn', 'Again')
  await become(loginOf(1), 'Again open', 3_000)
  await replace(personDn(2), 'userAccountControl', '514')
  await become(loginOf(2), 'Person 2 closed', 3_000)
  await domain.add(`CN=nora,${unit}`, { objectClass: ['user'], sAMAccountName: ['nora'], sn: ['Nora'] })
  await become('nora', 'Nora closed', 3_000)
  await domain.modifyDn(personDn(3), { newRdn: 'CN=renamed' })
  await replace(`CN=renamed,${unit}`, 'sAMAccountName', 'renamed')
  await become('renamed', 'Person 3 open', 3_000)
  await become(loginOf(3), undefined, 3_000)
  await domain.delete(personDn(4))
  await become(loginOf(4), undefined, 3_000)
  await domain.modifyDn(personDn(5), { newRdn: `CN=${loginOf(5)}`, newSuperior: `OU=services,${baseDn}` })
  await become(loginOf(5), undefined, 3_000)
  expect(await first.stop()).toBe('stopped')

  await replace(personDn(6), 'sn', 'Late')
  await domain.delete(personDn(7))
  await domain.modifyDn(`CN=nora,${unit}`, { newRdn: 'CN=norah' })
  await replace(`CN=norah,${unit}`, 'sAMAccountName', 'norah')
  const second = following()
  await become(loginOf(6), 'Late open', 10_000)
  await become(loginOf(7), undefined, 3_000)
  await become('norah', 'Nora closed', 3_000)
  expect(await second.stop()).toBe('stopped')

  const runs = await engine.services.runs.list({ tenant: 'acme', task: 'from-ad', limit: 50 })
  expect(runs.filter(({ kind }) => kind === 'full')).toHaveLength(2)
  expect(Object.keys(await accounts())).toHaveLength(120 + 1 - 3)
  const { planned } = (await engine.run(task)).counts
  expect(Object.values(planned).every((count) => count === 0)).toBe(true)
})
