import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asRoot, ldapmodify, ldapTool } from '../../support/ldap-tools.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { strayValues } from '../stray-values.ts'
import { asClient, asPerson, openSite, type Site } from './white-pages-site.ts'

const awkward = Array.from('()*\\&|!=<>~\'"-+0123456789 éœß\u0301\u202e\t')
let slapd: Slapd
let site: Site

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 1_200 } })
  site = await openSite(slapd)
})
afterAll(async () => {
  await site.close()
  await slapd.stop()
})

const search = (q: string, more = '') => `/people?q=${encodeURIComponent(q)}${more}`
const api = async (url: string) => (await site.get(url)).json()

describe('the search page', () => {
  test.each([
    ['lefevre', 'Élodie LEFÈVRE'],
    ['LEFEVRE elodie', 'Élodie LEFÈVRE'],
    ['élod lef', 'Élodie LEFÈVRE'],
    ['oeuvrard', 'Zoé ŒUVRARD'],
    ["d'herve", 'Jean-Noël D&#39;HERVÉ'],
    ['d’hervé', 'Jean-Noël D&#39;HERVÉ'],
    ['nguyen thi', 'Thị Lan NGUYỄN'],
    ['0477000001', 'Élodie LEFÈVRE'],
    ['77 00 00 01', 'Élodie LEFÈVRE'],
  ])('shows %s who is looked for', async (q, name) => {
    const page = await site.get(search(q))
    expect([page.statusCode, page.body.includes(`>${name}</a>`)]).toEqual([200, true])
    expect(strayValues(page.body)).toEqual([])
  })

  test('stays a list when one person is found, whom it shows with everything to reach them', async () => {
    const { body, statusCode } = await site.get(search('elefevre'))
    expect(statusCode).toBe(200)
    expect(body).toContain('href="/people/elefevre"')
    expect(body).toContain('href="tel:+33477000001"')
    expect(body).toContain('href="mailto:elodie.lefevre@example.org"')
    expect(body).toContain('1 person')
  })

  test('says what to do when nobody is found, in the language of the reader', async () => {
    const english = await site.get(search('<zzz>'))
    expect(english.body).toContain('Nobody matches “&lt;zzz&gt;”')
    const french = await site.get(search('zzz'), { 'accept-language': 'fr' })
    expect(french.body).toContain('Personne ne correspond à «\u00A0zzz\u00A0»')
  })

  test('gives htmx the hits alone', async () => {
    const { body } = await site.get(search('lefevre'), { 'hx-request': 'true' })
    expect([body.includes('<html'), body.includes('Élodie LEFÈVRE')]).toEqual([false, true])
  })

  test('leads through everyone by its own links, in the order of the names', async () => {
    const names: string[] = []
    let url: string | undefined = '/people?sort=name'
    while (url !== undefined) {
      const { body } = await site.get(url)
      names.push(
        ...[...body.matchAll(/<a href="\/people\/[^"]+"\s*>([^<]+)<\/a>/g)].map(([, name = '']) => name),
      )
      const next: string | undefined = /href="([^"]+)"\s+rel="next"/.exec(body)?.[1]
      url = next?.replaceAll('&amp;', '&')
    }
    expect(names).toHaveLength(1_200)
    const collator = new Intl.Collator('fr')
    expect(
      names.every((name, index) => index === 0 || collator.compare(names[index - 1] ?? '', name) <= 0),
    ).toBe(true)
  })

  test('refuses what is no cursor of its own', async () => {
    expect((await site.get('/people?cursor=x')).statusCode).toBe(400)
    expect((await site.get('/people?q=a&q=b')).statusCode).toBe(400)
  })

  test('answers whatever is typed', { timeout: 120_000 }, async () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...awkward), maxLength: 60 }),
      fc.constantFrom('*', '(uid=*)', '*)(uid=*))(|(uid=*', '%', '\\2a', '０４７７', '﷽', '\ud83d\ude00'),
    )
    await fc.assert(
      fc.asyncProperty(typed, async (q) => {
        const text = q.toWellFormed().replaceAll('\0', '')
        const { statusCode } = await site.get(search(text), { 'hx-request': 'true' })
        expect(statusCode).toBe(200)
      }),
      { numRuns: 10_000 },
    )
  })

  test('takes a text of any length that a browser sends', async () => {
    expect((await site.get(search('élodie '.repeat(400)))).statusCode).toBe(200)
  })
})

describe('the API', () => {
  test('answers items and the cursor of the next page, to the end', async () => {
    const logins: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const page = await api(`/api/v1/people?limit=200${next === '' ? '' : `&cursor=${next}`}`)
      logins.push(...page.items.map(({ login }: { login: string }) => login))
      next = page.next
    }
    expect([logins.length, new Set(logins).size]).toEqual([1_200, 1_200])
  })

  test('describes a person in our own words', async () => {
    const { items } = await api(`/api/v1${search('elefevre')}`)
    expect(items).toEqual([
      {
        id: expect.stringMatching(/^main\.[0-9a-f-]{36}$/),
        login: 'elefevre',
        dn: `uid=elefevre,ou=people,${slapd.suffix}`,
        displayName: 'Élodie LEFÈVRE',
        givenName: 'Élodie',
        familyName: 'LEFÈVRE',
        mail: ['elodie.lefevre@example.org'],
        phone: ['+33 4 77 00 00 01', ...items[0].phone.slice(1)],
        title: expect.any(String),
        department: expect.stringMatching(/^D\d{3}$/),
        site: expect.any(String),
        manager: expect.stringMatching(/^uid=.+,ou=people,/),
        photo: null,
      },
    ])
  })

  test.each(['limit=0', 'limit=201', 'limit=x', 'sort=age', 'cursor=zzz', 'colour=red'])(
    'refuses %s by problem+json',
    async (query) => {
      const answer = await site.get(`/api/v1/people?${query}`)
      expect([answer.statusCode, answer.json().code, answer.headers['content-type']]).toEqual([
        400,
        'invalid-input',
        'application/problem+json; charset=utf-8',
      ])
    },
  )

  test('is in the document of the API with its schemas', async () => {
    const document = await api('/api/openapi.json')
    const paths = [
      'people',
      'people/{login}',
      'people/{login}/photo',
      'people/{login}/vcard',
      'groups',
      'groups/{name}',
    ]
    expect(Object.keys(document.paths).toSorted()).toEqual(paths.map((path) => `/api/v1/${path}`).toSorted())
    expect(JSON.stringify(document.paths['/api/v1/people'].get.responses['200'])).toContain('Person')
  })
})

describe('access', () => {
  const paths = [
    '/people',
    '/people/ada',
    '/people.csv',
    '/people/ada/vcard',
    '/people/ada/qr.svg',
    '/people/ada/photo',
    '/groups',
    '/groups/support',
  ]
  const apiPaths = [
    'people',
    'people/ada',
    'people/ada/vcard',
    'people/ada/photo',
    'groups',
    'groups/support',
  ].map((path) => `/api/v1/${path}`)

  test('of a tenant that wants its readers signed in: to the sign-in and back, 401 for programs', async () => {
    const closed = await openSite(slapd, { whitePages: { access: 'signed-in' } })
    for (const url of paths) {
      const answer = await closed.get(url)
      expect([url, answer.statusCode, answer.headers.location]).toEqual([
        url,
        303,
        `/sign-in?to=${encodeURIComponent(url)}`,
      ])
    }
    for (const url of apiPaths) {
      expect([url, (await closed.get(url)).json().code]).toEqual([url, 'not-signed-in'])
      const wrong = await closed.get(
        url,
        asClient('accounts.read', url.includes('groups') ? 'people.read' : 'groups.read'),
      )
      expect([url, wrong.json().code]).toEqual([url, 'insufficient-scope'])
      const right = await closed.get(url, asClient(url.includes('groups') ? 'groups.read' : 'people.read'))
      expect([url, right.statusCode]).toEqual([url, url.endsWith('photo') ? 404 : 200])
    }
    expect((await closed.get('/people', asPerson('alice'))).statusCode).toBe(200)
    await closed.close()
  })

  test('of a public tenant: anyone, without a token', async () => {
    for (const url of [...paths, ...apiPaths]) {
      expect([url, (await site.get(url)).statusCode]).toEqual([url, url.endsWith('photo') ? 404 : 200])
    }
  })
})

describe('the directory changes', () => {
  const dn = () => `uid=new,ou=people,${slapd.suffix}`

  test('and the page within five seconds; who is deleted is gone at once', async () => {
    await ldapmodify(
      asRoot(slapd),
      `dn: ${dn()}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: new\ncn: Wilhelmine Neu\nsn: Neu\n`,
    )
    const isThere = async () => (await site.get(search('wilhelmine'))).body.includes('/people/new')
    await until(isThere, { within: 5_000, every: 100 })
    await ldapTool('ldapdelete', asRoot(slapd), [dn()])
    expect(await isThere()).toBe(false)
    expect((await site.get('/people/new')).statusCode).toBe(404)
  })
})

test('a dead directory is 503 with a time to come back, on every page, and never "nobody"', async () => {
  const own = await startSlapd({ seed: { people: 10 } })
  const dying = await openSite(own)
  await own.kill()
  const urls = [
    '/people',
    search('nobody of that name'),
    '/people/ada',
    '/people.csv',
    '/people/ada/vcard',
    '/people/ada/photo',
    '/groups',
    '/groups/support',
    '/api/v1/people',
    '/api/v1/people/ada',
    '/api/v1/groups',
  ]
  for (const url of urls) {
    const answer = await dying.get(url)
    expect([url, answer.statusCode, answer.headers['retry-after']]).toEqual([url, 503, '2'])
  }
  await dying.close()
  await own.stop()
})
