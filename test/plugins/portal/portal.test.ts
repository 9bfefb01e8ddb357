import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { createBrowser } from '../oidc/browser.ts'
import { mainOf, signedIn, startSite, type SelfServiceSite } from '../self-service/self-service-site.ts'
import { strayValues } from '../stray-values.ts'

let slapd: Slapd
let site: SelfServiceSite
const clients = [
  {
    id: 'wiki',
    name: 'Wiki <of all>',
    secret: 'wiki-secret-1',
    redirectUris: ['https://wiki.example/cb'],
    home: 'https://wiki.example/',
  },
  { id: 'hidden', secret: 'hidden-secret-1', redirectUris: ['https://hidden.example/cb'] },
]

beforeAll(async () => {
  slapd = await startSlapd()
  site = await startSite(slapd, { clients })
})
afterAll(async () => {
  await site.stop()
  await slapd.stop()
})

const home = async (login: string) => (await signedIn(site, login)).open(`${site.issuer}/`)
const links = (text: string) => [...text.matchAll(/class="tile" href="([^"]+)"/g)].map(([, href]) => href)

describe('the portal', () => {
  test('shows the applications that have a start page, and what the person may use', async () => {
    const alice = await home('alice')
    expect(links(alice.text)).toEqual(['https://wiki.example/', '/people', '/groups', '/account'])
    expect(alice.text).toContain('Wiki &lt;of all&gt;')
    expect(alice.text).toContain('Hello, Alice MARTIN')
    expect(strayValues(alice.text)).toEqual([])
    expect(links((await home('ada')).text)).toEqual(expect.arrayContaining(['/desk', '/audit']))
  })

  test('offers visitors the sign-in, and the search only where the white pages are public', async () => {
    const visitor = await createBrowser().open(`${site.issuer}/`)
    expect(visitor.text).toContain('Welcome to ACME')
    expect(visitor.text).not.toContain('wiki.example')
    expect(visitor.text).not.toContain('action="/people"')
    const open = await startSite(slapd, { whitePages: { access: 'public' } })
    const { text } = await createBrowser().open(`${open.issuer}/`)
    expect(text).toContain('action="/people"')
    await open.stop()
  })

  test('signs out by one button', async () => {
    const browser = await signedIn(site, 'u000010')
    const page = await browser.open(`${site.issuer}/`)
    expect((await browser.submit(page)).url).toContain('/oauth2/logout/success')
    expect(mainOf(await browser.open(`${site.issuer}/`)).text).toContain('Welcome to ACME')
  })
})
