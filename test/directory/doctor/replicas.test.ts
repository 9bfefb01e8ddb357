import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { examine } from '../../../src/directory/doctor/examine.ts'
import { writePeopleLdif } from '../../support/people-ldif.ts'
import { startSlapd, type Slapd, type SlapdOptions } from '../../support/slapd.ts'
import { testTenantConfig } from '../../support/tenant.ts'

const suffix = 'dc=example,dc=org'

/** A server whose newest change is of that time; null: that keeps no account of it. */
async function slapdOf(time: string | null, options: SlapdOptions = {}): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'seed-'))
  try {
    const ldif = join(folder, 'people.ldif')
    await writePeopleLdif(ldif, suffix, { people: 5 })
    const entries = (await readFile(ldif, 'utf8')).trimEnd().split('\n\n')
    const [root = '', ...others] = entries
    const csn = time === null ? '' : `\ncontextCSN: ${time}#000000#000#000000`
    await writeFile(ldif, [root + csn, ...others].join('\n\n'))
    const slapd = await startSlapd({ suffix, seed: { ldif }, ...options })
    onTestFinished(() => slapd.stop())
    return slapd
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function look(first: Slapd, second: Slapd) {
  const usual = testTenantConfig(first)
  const directories = usual.directories.map((one) => ({ ...one, urls: [first.url, second.url] }))
  const findings = await examine({ ...usual, directories }, () => new Date())
  return findings.filter(({ code }) => /repl/.test(code))
}

it('finds the server that lacks what the other has, and by how much', async () => {
  const behind = await slapdOf('20261125080000.000000Z')
  const ahead = await slapdOf('20261125081500.000000Z')
  for (const pair of [
    [behind, ahead],
    [ahead, behind],
  ] as const)
    expect(await look(...pair)).toMatchObject([
      { code: 'replica-behind', params: { url: behind.url, seconds: 900 } },
    ])
})

it('finds nothing where both have the same, and says where that cannot be seen', async () => {
  const time = '20261125080000.000000Z'
  const one = await slapdOf(time)
  expect(await look(one, await slapdOf(time))).toEqual([])
  const mute = await slapdOf(null, { overlays: ['ppolicy'] })
  expect(await look(one, mute)).toMatchObject([{ code: 'replication-unseen', params: { url: mute.url } }])
})
