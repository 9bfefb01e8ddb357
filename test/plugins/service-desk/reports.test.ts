import { afterAll, beforeAll, expect, test } from 'vitest'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { strayValues } from '../stray-values.ts'
import { call, signedIn, startDeskService, tokenOf, type DeskService } from './desk-service.ts'

let slapd: Slapd
let service: DeskService
beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  const lock = (uid: string) =>
    `dn: uid=${uid},ou=people,${slapd.suffix}\nchangetype: modify\nreplace: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n`
  await ldapmodify(asRoot(slapd), ['u000030', 'u000031', 'u000032'].map(lock).join('\n'))
  // A name that a spreadsheet would run.
  const name = `dn: uid=u000031,ou=people,${slapd.suffix}\nchangetype: modify\nreplace: displayName\ndisplayName: =cmd()\n`
  await ldapmodify(asRoot(slapd), name)
  service = await startDeskService(slapd)
})
afterAll(async () => {
  await service.stop()
  await slapd.stop()
})

test('the first page of the desk tells how many accounts are in each state', async () => {
  const hugo = await signedIn(service, 'hugo')
  for (const path of ['/desk/counts', '/desk']) {
    const { text } = await hugo.open(`${service.issuer}${path}`)
    expect(countBeside(text, 'locked')).toBe('3')
    expect(countBeside(text, 'disabled')).toBe('0')
    expect(text).not.toContain('hx-get="/desk/counts"')
    expect(strayValues(text)).toEqual([])
  }
})

test('the accounts in a state are a file for spreadsheets, made harmless', async () => {
  const hugo = await signedIn(service, 'hugo')
  const list = await hugo.open(`${service.issuer}/desk?state=locked`)
  expect(list.text).toContain('href="/desk.csv?state=locked"')
  const file = await hugo.open(`${service.issuer}/desk.csv?state=locked`)
  expect(file.headers.get('content-type')).toContain('text/csv')
  const [head, ...lines] = file.text.trim().split('\r\n')
  expect(head?.split(/[,;]/).length).toBe(11)
  expect(lines.map((line) => line.slice(0, 7)).toSorted()).toEqual(['u000030', 'u000031', 'u000032'])
  expect(file.text).toContain("'=cmd()")
  const some = await hugo.open(`${service.issuer}/desk.csv?state=locked&q=u000032`)
  expect(some.text.trim().split('\r\n')).toHaveLength(2)
})

test('programs read the counts', async () => {
  const { body } = await call(service, '/reports', { token: await tokenOf(service) })
  expect(body).toMatchObject({ at: expect.any(String), counts: { locked: 3, disabled: 0, 'must-change': 0 } })
})

test('nobody exports or counts without the right to read accounts', async () => {
  const alice = await signedIn(service, 'alice')
  for (const path of ['/desk.csv?state=locked', '/desk/counts']) {
    expect((await alice.open(`${service.issuer}${path}`)).status).toBe(403)
  }
})

/** What the badge of a state's line says. */
function countBeside(text: string, state: string): string | undefined {
  const line = text.slice(text.indexOf(`href="/desk?state=${state}"`))
  return /class="badge[^>]*>(?:\s*<svg[^]*?<\/svg>)?\s*(?:<[^>]+>)*\s*(\d+)/.exec(line)?.[1]
}
