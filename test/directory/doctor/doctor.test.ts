import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { TenantConfig } from '../../../src/config/tenant-schema.ts'
import { examine } from '../../../src/directory/doctor/examine.ts'
import { severities } from '../../../src/directory/doctor/finding.ts'
import { translator } from '../../../src/messages/message.ts'
import { documentedSlapd, suffix as documentedSuffix } from '../../docs/documented-slapd.ts'
import { asRoot, ldapsearch } from '../../support/ldap-tools.ts'
import type { Slapd } from '../../support/slapd.ts'
import { testTenantConfig } from '../../support/tenant.ts'
import { rightTenant, startRightSlapd } from './right-setup.ts'

const clock = () => new Date()
const codes = async (tenant: TenantConfig) => (await examine(tenant, clock)).map(({ code }) => code)

describe.each(['2.5', '2.6'] as const)('a right set-up of slapd %s', (version) => {
  let slapd: Slapd
  beforeAll(async () => {
    slapd = await startRightSlapd({ version })
  })
  afterAll(() => slapd.stop())

  it('is found to be right', async () => {
    expect(await examine(rightTenant(slapd), clock)).toEqual([])
  })

  it('is found to be right by StartTLS', async () => {
    expect(await codes(rightTenant(slapd, { urls: [slapd.url], startTls: true }))).toEqual([])
  })
})

it.each(['2.5', '2.6'] as const)(
  'changes nothing in a slapd %s, also as who could change everything',
  async (version) => {
    // One that records sign-ins notes that of the service account.
    const slapd = await startRightSlapd({ version, databaseLines: '' })
    onTestFinished(() => slapd.stop())
    const all = () => ldapsearch(asRoot(slapd), slapd.suffix, '(objectClass=*)', '*', '+')
    const before = await all()
    expect(before).toContain('contextCSN: ')
    expect(await codes(rightTenant(slapd))).toEqual(['sign-ins-unrecorded', 'index-missing'])
    const root = { dn: slapd.rootDn, password: slapd.rootPassword }
    expect(await codes(rightTenant(slapd, { bind: root }))).toContain('rights-manage')
    expect(await all()).toBe(before)
  },
)

it('needs no more than docs/directories.md says, which leaves nothing but remarks', async () => {
  const { slapd, config } = await documentedSlapd('2.5')
  onTestFinished(() => slapd.stop())
  const tenant = testTenantConfig({ ...slapd, suffix: documentedSuffix }, { roles: [] })
  const findings = await examine({ ...tenant, directories: [config] }, clock)
  expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([])
  expect(findings.map(({ code }) => code)).not.toContain('config-unseen')
  expect(findings.map(({ code }) => code)).not.toContain('clock-unseen')
})

describe('servers that are away', () => {
  it('cost ten seconds at most when they are silent, and hide nothing of the others', async () => {
    const slapd = await startRightSlapd()
    onTestFinished(() => slapd.stop())
    const silent = await listenSilently()
    const start = performance.now()
    const findings = await examine(
      rightTenant(slapd, { urls: [silent, slapd.ldapsUrl], primaries: [silent] }),
      clock,
    )
    expect(performance.now() - start).toBeLessThan(10_000)
    expect(findings).toMatchObject([{ code: 'server-unreachable', params: { url: silent } }])
  })

  it('are found when none answers', async () => {
    const slapd = await startRightSlapd()
    await slapd.stop()
    const dead = rightTenant(slapd, { ca: import.meta.filename })
    expect(await codes(dead)).toEqual(['server-unreachable'])
  })
})

it('says each finding in both languages', () => {
  for (const locale of ['en', 'fr'] as const) {
    const t = translator(locale)
    const params = { end: new Date(), days: 1, count: 2 }
    const texts = Object.keys(severities).flatMap((code) => {
      if (!isCode(code)) throw new Error(code)
      return [
        t(`doctor.${code}.says`, { ...everyParam, ...params }),
        t(`doctor.${code}.why`, { ...everyParam, ...params }),
      ]
    })
    expect(texts.filter((text) => text.length < 10)).toEqual([])
  }
})

const isCode = (code: string): code is keyof typeof severities => Object.hasOwn(severities, code)

const everyParam = Object.fromEntries(
  'url message host issuer reason dn configured found version oldest attributes attribute base use filter examples limit server of schemes scheme people how seconds ahead percent role other check person'
    .split(' ')
    .map((name) => [name, name]),
)

/** A server that takes connections and never says a word. */
async function listenSilently(): Promise<string> {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `ldaps://127.0.0.1:${address.port}`
}
