import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { examine } from '../../../src/directory/doctor/examine.ts'
import { findProgram } from '../../support/programs.ts'
import type { Slapd } from '../../support/slapd.ts'
import { rightTenant, startRightSlapd } from './right-setup.ts'
import { entryFaults } from './seeded-entries.ts'
import { serverFaults } from './seeded-server.ts'

const run = promisify(execFile)

describe.concurrent('the doctor finds, and nothing beside', () => {
  it.for([...serverFaults, ...entryFaults])('$finds: $fault', async (one, { onTestFinished }) => {
    const slapd = await startRightSlapd(one.start)
    onTestFinished(() => slapd.stop())
    await one.seed?.(slapd)
    const tenant = one.tenant?.(slapd) ?? rightTenant(slapd)
    const look = () => examine(tenant, one.clock ?? (() => new Date()))
    let findings = await look()
    const found = findings.map(({ code }) => code)
    expect(found).toContain(one.finds)
    expect(found.filter((code) => code !== one.finds && one.also?.includes(code) !== true)).toEqual([])
    if (one.isMended !== true) return
    // What is seen once one is mended may be another.
    for (let times = 0; times < 2 && findings.length > 0; times++) {
      for (const { fix } of findings) if (fix !== undefined) await apply(slapd, fix)
      findings = await look()
    }
    expect(findings).toEqual([])
  })
})

/** Runs the command that a finding proposes, as whoever is root on the server and knows its administrator's password. */
async function apply(slapd: Slapd, fix: string): Promise<void> {
  const { env } = findProgram('ldapmodify')
  const file = join(slapd.dir, 'password')
  await writeFile(file, slapd.rootPassword)
  const command = fix
    .replaceAll('-H ldapi:///', `-H '${slapd.ldapiUrl}'`)
    .replaceAll(' -W ', ` -y ${file} `)
    .replaceAll(' -W\n', ` -y ${file}\n`)
    .replaceAll(/-W (?=<<)/g, `-y ${file} `)
  await run('sh', ['-c', command], { env: { ...env, LDAPTLS_CACERT: join(slapd.dir, 'tls/ca.pem') } })
}
