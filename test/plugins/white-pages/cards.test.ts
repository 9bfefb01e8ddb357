import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { path } from '../../../plugins/web/safe-url.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { strayValues } from '../stray-values.ts'
import { asPerson, openSite, type Site } from './white-pages-site.ts'

const awkwardLogin = 'a/b c@d é+%?#'
const awkwardGroup = 'Équipe R&D / Lyon, "été" #1'
let slapd: Slapd
let site: Site

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 60 } })
  const { suffix } = slapd
  const photo = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#27ae60' } })
    .jpeg()
    .toBuffer()
  const awkwardDn = `cn=awkward,ou=people,${suffix}`
  await ldapmodify(
    asRoot(slapd),
    [
      `dn: ${awkwardDn}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: awkward\nsn: Björk`,
      `uid:: ${base64(awkwardLogin)}\nmanager: uid=alice,ou=people,${suffix}\ntelephoneNumber: ask the desk`,
      `mail:: ${base64('"a b"@x.example?cc=y')}\ntitle:: ${base64('<script>alert(1)</script>')}\n`,
      `dn: cn=odd,ou=groups,${suffix}\nchangetype: add\nobjectClass: groupOfNames`,
      `cn:: ${base64(awkwardGroup)}\ncn: odd\ndescription: What is odd\nmember: ${awkwardDn}\nmember: cn=support,ou=groups,${suffix}\n`,
      `dn: cn=everybody,ou=groups,${suffix}\nchangetype: add\nobjectClass: groupOfURLs\ncn: everybody`,
      `memberURL: ldap:///ou=people,${suffix}??sub?(objectClass=inetOrgPerson)\n`,
      `dn: cn=unix,ou=groups,${suffix}\nchangetype: add\nobjectClass: posixGroup\ncn: unix\ngidNumber: 1`,
      ...Array.from({ length: 25 }, (_, index) => `memberUid: u0000${index + 10}`),
      `memberUid: alice\nmemberUid: nobody\n`,
      `dn: uid=alice,ou=people,${suffix}\nchangetype: modify\nreplace: jpegPhoto\njpegPhoto:: ${photo.toString('base64')}\n`,
      `dn: uid=hugo,ou=people,${suffix}\nchangetype: modify\nreplace: jpegPhoto\njpegPhoto: not a picture\n`,
    ].join('\n'),
  )
  site = await openSite(slapd)
})
afterAll(async () => {
  await site.close()
  await slapd.stop()
})

type Listed = { items: { name: string; login: string }[]; next: string | null }
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('a card', () => {
  test('shows a person, their manager, their team and their groups, each as a link', async () => {
    const { body } = await site.get('/people/alice')
    expect(body).toContain('<h1>Alice MARTIN</h1>')
    expect(body).toContain('src="/people/alice/photo?size=384"')
    expect(body).toContain('href="/people/ada"')
    expect(body).toContain(`href="${path('people', awkwardLogin)}"`)
    // alice is in loop-a, which is in loop-b, which is in loop-a.
    expect(body).toContain('href="/groups/loop-a"')
    expect(body).toContain('href="/groups/loop-b"')
    expect(body).toContain('href="/groups/everybody"')
    expect(body).toContain('href="/groups/unix"')
    expect(strayValues(body)).toEqual([])
  })

  test('has an address that holds any login, and text of the directory is text', async () => {
    const { statusCode, body } = await site.get(path('people', awkwardLogin))
    expect(statusCode).toBe(200)
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(body).not.toContain('<script>alert')
    expect(body).toContain('ask the desk')
    expect(body).not.toContain('tel:ask')
    expect(body).toContain('mailto:%22a%20b%22@x.example%3Fcc%3Dy')
    for (const file of ['vcard', 'qr.svg']) {
      expect((await site.get(`${path('people', awkwardLogin)}/${file}`)).statusCode).toBe(200)
    }
    const document = (await site.get(path('api', 'v1', 'people', awkwardLogin))).json()
    expect([document.login, document.manager]).toEqual([awkwardLogin, `uid=alice,ou=people,${slapd.suffix}`])
  })

  test('is there for who has no login, as contacts do, or one that no address can hold', async () => {
    const base = `ou=people,${slapd.suffix}`
    await ldapmodify(
      asRoot(slapd),
      `dn: cn=Kontakt,${base}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: Kontakt\nsn: K\n\ndn: uid=..,${base}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: ..\ncn: Dotty\nsn: D\n`,
    )
    for (const name of ['Kontakt', 'Dotty']) {
      const link = await until(
        async () => /href="(\/people\/~[^"]+)"/.exec((await site.get(`/people?q=${name}`)).body)?.[1],
        { within: 5_000, every: 100 },
      )
      expect((await site.get(link)).body).toContain(`<h1>${name}</h1>`)
    }
    const gone = ['cn=Kontakt', 'uid=..'].map((rdn) => `dn: ${rdn},${base}\nchangetype: delete\n`)
    await ldapmodify(asRoot(slapd), gone.join('\n'))
  })

  test.each(['nobody', 'ALICE)(uid=*', '*', '~main.00000000-0000-0000-0000-000000000000', '~', '%20'])(
    'of %s is not found',
    async (login) => {
      const page = await site.get(`/people/${login}`)
      expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
      expect((await site.get(`/api/v1/people/${login}`)).json().code).toBe('not-found')
    },
  )

  test('leads to the account only who may open it', async () => {
    const link = 'href="/desk/alice"'
    expect((await site.get('/people/alice')).body).not.toContain(link)
    expect((await site.get('/people/alice', asPerson('alice'))).body).not.toContain(link)
    expect((await site.get('/people/alice', asPerson('hugo'))).body).toContain(link)
  })

  test('in the API has a tag, by which an unchanged one is not sent again', async () => {
    const first = await site.get('/api/v1/people/alice')
    const etag = String(first.headers.etag)
    expect(first.json().reports).toHaveLength(
      (await site.get('/people/alice')).body.split('class="list people"')[1]?.match(/<li>/g)?.length ?? 0,
    )
    const again = await site.get('/api/v1/people/alice', { 'if-none-match': etag })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect((await site.get('/api/v1/people/ada', { 'if-none-match': etag })).statusCode).toBe(200)
  })
})

describe('a photo', () => {
  test.each(['/people/alice/photo', '/api/v1/people/alice/photo'])(
    '%s is a square JPEG in the size asked for, kept by the browser of one reader',
    async (url) => {
      const answer = await site.get(`${url}?size=96`)
      const { width, height, format } = await sharp(answer.rawPayload).metadata()
      expect([width, height, format]).toEqual([96, 96, 'jpeg'])
      expect(answer.headers['cache-control']).toBe('private, max-age=300')
      const again = await site.get(`${url}?size=96`, { 'if-none-match': String(answer.headers.etag) })
      expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0])
    },
  )

  test('that is none is not found, and other sizes are refused', async () => {
    expect((await site.get('/people/hugo/photo')).statusCode).toBe(404)
    expect((await site.get('/people/ada/photo')).statusCode).toBe(404)
    expect((await site.get('/people/alice/photo?size=5000')).statusCode).toBe(400)
  })
})

test('a vCard is a file with the name of the person', async () => {
  const answer = await site.get('/people/elefevre/vcard')
  expect(answer.headers['content-type']).toBe('text/vcard; charset=utf-8')
  expect(answer.headers['content-disposition']).toContain("filename*=UTF-8''%C3%89lodie%20LEF%C3%88VRE.vcf")
  expect(answer.body).toContain('\r\nFN:Élodie LEFÈVRE\r\n')
})

test('the spreadsheet of a search holds everyone found, in the way of the reader’s country', async () => {
  const all = await site.get('/people.csv')
  expect(all.body.startsWith('\ufeffName,First name,Family name,')).toBe(true)
  expect(all.body.trim().split('\r\n')).toHaveLength(62)
  const french = await site.get('/people.csv?q=lefevre+elodie', { 'accept-language': 'fr' })
  const [head, line] = french.body.split('\r\n')
  expect(head?.split(';').slice(0, 3)).toEqual(['\ufeffNom', 'Prénom', 'Nom de famille'])
  expect(line).toContain('Élodie LEFÈVRE;Élodie;LEFÈVRE;')
  expect(line).toContain("'+33 4 77 00 00 01")
  expect(french.headers['content-disposition']).toContain('Annuaire.csv')
})

describe('groups', () => {
  test('are found by name and description, without accents and in any case', async () => {
    for (const q of ['equipe R&D', 'ODD what', 'lyon ete']) {
      const { items } = (await site.get(`/api/v1/groups?q=${encodeURIComponent(q)}`)).json()
      expect(items).toMatchObject([{ name: awkwardGroup, description: 'What is odd' }])
    }
    expect((await site.get('/groups?q=zzz')).body).toContain('No group matches “zzz”')
  })

  test('are listed to the end, each once', async () => {
    const names: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page: Listed = (
        await site.get(`/api/v1/groups?limit=4${next === '' ? '' : `&cursor=${next}`}`)
      ).json()
      names.push(...page.items.map(({ name }) => name))
      next = page.next
    }
    expect(names).toHaveLength(15)
    expect(new Set(names).size).toBe(15)
  })

  test('of any name have a page, with their members and the groups in them', async () => {
    const { statusCode, body } = await site.get(path('groups', awkwardGroup))
    expect(statusCode).toBe(200)
    expect(body).toContain(`href="${path('people', awkwardLogin)}"`)
    expect(body).toContain('href="/groups/support"')
    expect(strayValues(body)).toEqual([])
    expect((await site.get('/groups/nothing')).statusCode).toBe(404)
  })

  test.each([
    ['g0001', 20],
    ['everybody', 61],
    ['unix', 26],
  ])('show all members of %s page by page, each once', async (name, fewest) => {
    const logins: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const { members }: { members: Listed } = (
        await site.get(`/api/v1/groups/${name}?limit=7${next === '' ? '' : `&cursor=${next}`}`)
      ).json()
      logins.push(...members.items.map(({ login }) => login))
      next = members.next
    }
    expect(new Set(logins).size).toBe(logins.length)
    expect(logins.length).toBeGreaterThanOrEqual(fewest)
  })

  test('refuse a made-up cursor, for which the whole directory would be streamed', async () => {
    const cursor = Buffer.from('999999999').toString('base64url')
    expect((await site.get(`/api/v1/groups/everybody?cursor=${cursor}`)).statusCode).toBe(400)
  })
})
