import sharp from 'sharp'
import { renderSVG } from 'uqr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VisibilityRule } from '../../../src/config/role-schema.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { asClient, asPerson, openSite, type Site } from './white-pages-site.ts'

/** What nobody else has, by the thing that a rule hides. */
const marks = {
  mail: 'secretmail@example.org',
  phone: '+33 9 87 65 43 21',
  title: 'Secrettitle',
  department: 'Secretdepartment',
  site: 'Secretsite',
  login: 'secretlogin',
} as const
const name = 'Quentin VANDERMARK'
const all = ['mail', 'phone', 'title', 'department', 'site', 'login', 'manager', 'photo', 'groups'] as const

let slapd: Slapd

beforeAll(async () => {
  slapd = await startSlapd({ seed: { people: 20 } })
  const { suffix } = slapd
  const photo = await sharp({ create: { width: 99, height: 99, channels: 3, background: '#27ae60' } })
    .jpeg()
    .toBuffer()
  await ldapmodify(
    asRoot(slapd),
    [
      `dn: uid=${marks.login},ou=people,${suffix}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: ${name}\nsn: VANDERMARK`,
      `givenName: Quentin\ndisplayName: ${name}\nmail: ${marks.mail}\ntelephoneNumber: ${marks.phone}\ntitle: ${marks.title}`,
      `departmentNumber: ${marks.department}\nl: ${marks.site}\nemployeeType: secret\nmanager: uid=alice,ou=people,${suffix}`,
      `jpegPhoto:: ${photo.toString('base64')}\n`,
      `dn: uid=report,ou=people,${suffix}\nchangetype: add\nobjectClass: inetOrgPerson\ncn: Rita Report\nsn: Report`,
      `manager: uid=${marks.login},ou=people,${suffix}\n`,
      `dn: cn=cabal,ou=groups,${suffix}\nchangetype: add\nobjectClass: groupOfNames\ncn: cabal`,
      `member: uid=${marks.login},ou=people,${suffix}\nmember: uid=ada,ou=people,${suffix}\n`,
    ].join('\n'),
  )
})
afterAll(async () => await slapd.stop())

async function siteWith(...visibility: VisibilityRule[]): Promise<Site> {
  return await openSite(slapd, { whitePages: { access: 'public', visibility } })
}

/** Every address where a person is shown, as one would look there for Quentin. */
async function surfaces(site: Site, handle: string, headers: Record<string, string> = {}) {
  // Not the whole name: pages repeat what was searched for.
  const q = 'vanderm'
  const urls = {
    'search page': `/people?q=${q}`,
    'everyone by name': '/people?sort=name',
    spreadsheet: '/people.csv',
    card: `/people/${handle}`,
    vCard: `/people/${handle}/vcard`,
    'QR code': `/people/${handle}/qr.svg`,
    'card of the manager': '/people/alice',
    'card of the report': '/people/report',
    group: '/groups/cabal',
    'API search': `/api/v1/people?q=${q}`,
    'API person': `/api/v1/people/${handle}`,
    'API vCard': `/api/v1/people/${handle}/vcard`,
    'API manager': '/api/v1/people/alice',
    'API report': '/api/v1/people/report',
    'API list of the report': '/api/v1/people?q=rita',
    'API group': '/api/v1/groups/cabal',
  }
  return await Promise.all(
    Object.entries(urls).map(async ([surface, url]) => ({
      surface,
      url,
      answer: await site.get(url, headers),
    })),
  )
}

const readers = {
  public: {},
  person: asPerson('report'),
  agent: asPerson('hugo'),
  application: asClient('people.read', 'groups.read'),
} as const

describe.each(Object.entries(readers))('hidden from %s', (audience, headers) => {
  const rule = (hide: VisibilityRule['hide']): VisibilityRule => ({
    audience:
      audience === 'public' || audience === 'person' || audience === 'agent' ? [audience] : ['application'],
    population: '(employeeType=secret)',
    hide,
  })
  const others = Object.entries(readers).filter(([other]) => other !== audience)

  test.each(Object.entries(marks))(
    '%s is shown nowhere and finds nobody; others see it',
    async (hidden, mark) => {
      const site = await siteWith(rule([hidden === 'login' ? 'login' : keyOf(hidden)]))
      const { id } = (await site.get('/api/v1/people?q=vandermark', headers)).json().items[0]
      const handle = hidden === 'login' ? `~${id}` : marks.login
      for (const { surface, answer } of await surfaces(site, handle, headers)) {
        const text = answer.body.replaceAll('\r\n ', '')
        expect([surface, answer.statusCode, text.includes(mark)]).toEqual([surface, 200, false])
      }
      // A code cannot be searched for a text: it is that of the vCard, byte by byte.
      const [card, code] = await Promise.all(
        ['vcard', 'qr.svg'].map((file) => site.get(`/people/${handle}/${file}`, headers)),
      )
      expect(code?.body).toBe(renderSVG([...(card?.rawPayload ?? [])], { ecc: 'L', border: 4, pixelSize: 4 }))
      const found = async (who: Record<string, string>) =>
        (await site.get(`/api/v1/people?q=${encodeURIComponent(mark)}`, who)).json().total
      expect(await found(headers)).toBe(0)
      for (const [, who] of others) expect(await found(who)).toBe(1)
      await site.close()
    },
  )

  test('the photo is not there, and nothing says that there is one', async () => {
    const site = await siteWith(rule(['photo']))
    for (const { surface, answer } of await surfaces(site, marks.login, headers)) {
      expect([surface, answer.body.includes(`${marks.login}/photo`)]).toEqual([surface, false])
    }
    for (const url of [`/people/${marks.login}/photo`, `/api/v1/people/${marks.login}/photo`]) {
      expect((await site.get(url, headers)).statusCode).toBe(404)
      for (const [, who] of others) expect((await site.get(url, who)).statusCode).toBe(200)
    }
    await site.close()
  })

  test('manager and groups are hidden from both sides', async () => {
    const site = await siteWith(rule(['manager', 'groups']))
    const answers = new Map(
      (await surfaces(site, marks.login, headers)).map(({ surface, answer }) => [surface, answer.body]),
    )
    expect(answers.get('card')).not.toContain('Alice')
    expect(answers.get('card')).not.toContain('cabal')
    expect(answers.get('API person')).not.toContain('uid=alice')
    expect(answers.get('card of the manager')).not.toContain(name)
    expect(answers.get('API manager')).not.toContain(name)
    expect(answers.get('group')).not.toContain(name)
    expect(answers.get('API group')).not.toContain(name)
    expect(answers.get('group')).toContain('Ada')
    await site.close()
  })

  test('the whole person is not there: neither on pages of others, nor by any address', async () => {
    const site = await siteWith(rule('entry'))
    const { id } = (await site.get(`/api/v1/people/${marks.login}`, others[0]?.[1])).json()
    for (const handle of [marks.login, `~${id}`]) {
      for (const { surface, url, answer } of await surfaces(site, handle, headers)) {
        expect([surface, answer.statusCode]).toEqual([surface, url.includes(handle) ? 404 : 200])
        const text = answer.body.replaceAll(url, '')
        const shown = [name, ...Object.values(marks)].filter((mark) => text.includes(mark))
        expect([surface, shown]).toEqual([surface, []])
      }
    }
    await site.close()
  })
})

function keyOf(text: string): (typeof all)[number] {
  const key = all.find((each) => each === text)
  if (key === undefined) throw new Error(`nothing is called ${text}`)
  return key
}

test('a login that is hidden cannot be guessed: its address is as nobody’s', async () => {
  const site = await siteWith({ audience: ['public'], hide: ['login'] })
  for (const end of ['', '/vcard', '/qr.svg', '/photo']) {
    expect((await site.get(`/people/${marks.login}${end}`)).statusCode).toBe(404)
  }
  const { login, dn, photo } = (await site.get('/api/v1/people?q=vandermark')).json().items[0]
  expect([login, dn]).toEqual([null, null])
  expect((await site.get(new URL(photo).pathname)).statusCode).toBe(200)
  await site.close()
})

test('people see of themselves what the rules for themselves leave', async () => {
  const site = await siteWith({ audience: ['person'], hide: ['phone'] })
  const page = (login: string) => site.get(`/people/elefevre`, asPerson(login))
  expect((await page('elefevre')).body).toContain('+33 4 77 00 00 01')
  expect((await page('alice')).body).not.toContain('+33 4 77 00 00 01')
  await site.close()
})
