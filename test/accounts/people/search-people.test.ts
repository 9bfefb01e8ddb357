import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCard } from '../../../src/accounts/people/read-card.ts'
import { searchPeople } from '../../../src/accounts/people/search-people.ts'
import { asRoot, ldapmodify, ldapTool } from '../../support/ldap-tools.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { setUpPeople, signedIn, visitor, type PeopleSetup } from './people-setup.ts'

let slapd: Slapd
let setup: PeopleSetup

beforeAll(async () => {
  // More people than the server gives in one answer.
  slapd = await startSlapd({ seed: { people: 1_500, photos: 0.3 } })
  setup = await setUpPeople(slapd)
})
afterAll(async () => {
  await setup.close()
  await slapd.stop()
})

async function loginsFor(text: string, from = setup): Promise<string[]> {
  const page = await searchPeople(from.people, visitor(from.tenant), { text, limit: 20 })
  return page.people.map(({ login }) => login)
}

const dnOf = (login: string) => `uid=${login},ou=people,${slapd.suffix}`
const change = (ldif: string) => ldapmodify(asRoot(slapd), ldif)

describe('a search', () => {
  test.each([
    ['lefevre', 'elefevre'],
    ['LEFEVRE elodie', 'elefevre'],
    ['élod lef', 'elefevre'],
    ['oeuvrard', 'zoeuvrard'],
    ["d'herve", 'jndherve'],
    ['d’hervé', 'jndherve'],
    ['nguyen thi lan', 'tlnguyen'],
    ['0477000001', 'elefevre'],
    ['77 00 00 01', 'elefevre'],
  ])('for %s finds %s', async (text, login) => {
    expect(await loginsFor(text)).toContain(login)
  })

  test('pages through everyone, each once, beyond the size limit of the server', async () => {
    const seen: string[] = []
    let after: string | null | undefined
    do {
      const query = { text: '', limit: 200, ...(after && { after }) }
      const page = await searchPeople(setup.people, visitor(setup.tenant), query)
      expect(page.total).toBe(1_500)
      seen.push(...page.people.map(({ id }) => id))
      after = page.next
    } while (after !== null)
    expect([seen.length, new Set(seen).size]).toEqual([1_500, 1_500])
  })

  test('says who has a photo without reading it, in step with the directory', async () => {
    const hasPhoto = async (login: string) =>
      (await searchPeople(setup.people, visitor(setup.tenant), { text: login, limit: 1 })).people[0]?.hasPhoto
    const { person } = await readCard(setup.people, visitor(setup.tenant), 'u000100')
    expect(await hasPhoto('u000100')).toBe(person.hasPhoto)
    await change(
      `dn: ${dnOf('u000100')}\nchangetype: modify\n${person.hasPhoto ? 'delete: jpegPhoto' : 'replace: jpegPhoto\njpegPhoto: x'}\n`,
    )
    await until(async () => (await hasPhoto('u000100')) === !person.hasPhoto, { within: 5_000 })
  })
})

describe('within five seconds', () => {
  test('a new person and a new name are found, and the old name is not', async () => {
    await change(
      `dn: ${dnOf('new/one')}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: Quasimodo Zyx\nsn: Zyx\nuid: new/one\n`,
    )
    await until(async () => (await loginsFor('quasimodo')).includes('new/one'), { within: 5_000 })
    await change(`dn: ${dnOf('new/one')}\nchangetype: modify\nreplace: cn\ncn: Esmeralda Zyx\n`)
    await until(async () => (await loginsFor('esmeralda')).includes('new/one'), { within: 5_000 })
    expect(await loginsFor('quasimodo')).toEqual([])
  })

  test('who no longer matches the filter of the white pages is gone', async () => {
    const staff = { directory: 'main', base: `ou=people,${slapd.suffix}`, filter: '(employeeType=staff)' }
    const changed = await setUpPeople(slapd, {
      uses: { signIn: [staff], whitePages: [staff], desk: [], groups: [] },
    })
    await change(`dn: ${dnOf('alice')}\nchangetype: modify\nreplace: employeeType\nemployeeType: staff\n`)
    const total = () => changed.people.search.search('alice', { audience: 'public', limit: 9 }).ids.length
    const before = await until(total, { within: 5_000 })
    await change(`dn: ${dnOf('alice')}\nchangetype: modify\nreplace: employeeType\nemployeeType: gone\n`)
    await until(() => total() < before, { within: 5_000 })
    expect(total()).toBe(before - 1)
    await changed.close()
  })
})

test('who was deleted is not shown at once', async () => {
  await ldapTool('ldapdelete', asRoot(slapd), [dnOf('u001400')])
  expect(await loginsFor('u001400')).toEqual([])
})

describe('several branches', () => {
  test('show who is in any of them, once, and forget nobody who is still in another', async () => {
    const branches = [
      { directory: 'main', base: `ou=people,${slapd.suffix}`, filter: '(l=Lyon)' },
      { directory: 'main', base: slapd.suffix, filter: '(employeeType=staff)' },
    ]
    const several = await setUpPeople(slapd, {
      uses: { signIn: branches, whitePages: branches, desk: [], groups: [] },
    })
    await change(
      `dn: ${dnOf('hugo')}\nchangetype: modify\nreplace: l\nl: Lyon\n-\nreplace: employeeType\nemployeeType: staff\n`,
    )
    await until(async () => (await loginsFor('grunwald lyon', several)).includes('hugo'), { within: 5_000 })
    await change(`dn: ${dnOf('hugo')}\nchangetype: modify\nreplace: l\nl: Zzyzx\n`)
    await until(async () => (await loginsFor('grunwald zzyzx', several)).includes('hugo'), { within: 5_000 })
    expect(await loginsFor('grunwald', several)).toEqual(['hugo'])
    await several.close()
  })
})

describe('a directory that does not answer', () => {
  test('is said to be unavailable, also before it was ever read, and is read when it comes back', async () => {
    const own = await startSlapd({ seed: { people: 10 } })
    await own.kill()
    const late = await setUpPeople(own)
    await expect(loginsFor('alice', late)).rejects.toMatchObject({ code: 'directory-unavailable' })
    expect(late.errors).not.toEqual([])
    await own.restart()
    await until(async () => (await loginsFor('alice', late)).includes('alice'), { within: 10_000 })
    await own.kill()
    await expect(loginsFor('alice', late)).rejects.toMatchObject({ code: 'directory-unavailable' })
    await expect(loginsFor('nobody at all', late)).rejects.toMatchObject({ code: 'directory-unavailable' })
    await late.close()
    await own.stop()
  })
})

test('the service desk shares the index when it looks in the same places, and has its own otherwise', async () => {
  expect(setup.people.deskSearch).toBe(setup.people.search)
  const people = { directory: 'main', base: `ou=people,${slapd.suffix}` }
  const apart = await setUpPeople(slapd, {
    uses: { signIn: [people], whitePages: [{ ...people, filter: '(l=Lyon)' }], desk: [people], groups: [] },
  })
  expect(apart.people.deskSearch).not.toBe(apart.people.search)
  expect(apart.people.deskSearch.search('ada', { audience: 'agent', limit: 1 }).total).toBeGreaterThan(0)
  await apart.close()
})

test('a signed-in person searches as one of the people', async () => {
  const actor = await signedIn(setup.tenant, 'alice')
  const { people } = await searchPeople(setup.people, actor, { text: 'elefevre', limit: 1 })
  expect(people).toMatchObject([{ login: 'elefevre', handle: 'elefevre', displayName: 'Élodie LEFÈVRE' }])
})
