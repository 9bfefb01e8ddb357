import { afterAll, beforeAll, expect, test } from 'vitest'
import { application, callback, openApplication, signIn } from './application.ts'
import { createBrowser } from './browser.ts'
import { startReplicas, type Replicas } from './replicas.ts'
import type { TestService } from './service.ts'

const asking = { ...application, id: 'asking', name: 'Asking <App>', consent: 'ask' } as const
const hiding = [
  { audience: ['application'], population: '(uid=hugo)', hide: ['mail', 'login', 'groups'] },
  { audience: ['application'], population: '(uid=ada)', hide: 'entry' },
]
let replicas: Replicas
let service: TestService

beforeAll(async () => {
  replicas = await startReplicas({ clients: [application, asking], visibility: hiding })
  service = replicas.first
})
afterAll(() => replicas.stop())

async function signedIn(login: string) {
  const browser = createBrowser({ leavesTo: [callback] })
  await signIn(browser, service, login)
  return browser
}

test('an application is allowed once, in all browsers, until it wants more', async () => {
  const app = await openApplication(service, asking)
  const browser = await signedIn('alice')
  const flow = await app.start({ scope: 'openid profile' })
  const page = await browser.open(flow.url)
  expect(page.text).toContain('Asking &lt;App&gt; asks for access')
  expect(page.text).toContain('see your name and your login')
  expect(page.text).not.toContain('e-mail')
  const tokens = await app.redeem(await browser.submit(page, { answer: 'allow' }), flow)
  expect(tokens.scope).toBe('openid profile')

  const other = await signedIn('alice')
  const again = await other.open((await app.start({ scope: 'openid profile' })).url)
  expect(again.url).toContain('code=')
  const more = await other.open((await app.start({ scope: 'openid profile email' })).url)
  expect(new URL(more.url).pathname).toMatch(/^\/consent\//)

  await service.audit.settled()
  const { items } = await service.audit.list('acme', { limit: 9, action: 'consent.grant' })
  expect(items).toMatchObject([{ client: 'asking', result: 'done' }])
})

test('who refuses is sent back without a code, and is asked again', async () => {
  const app = await openApplication(service, asking)
  const browser = await signedIn('elefevre')
  const page = await browser.open((await app.start()).url)
  const refused = await browser.submit(page, { answer: 'refuse' })
  expect(refused.url).toMatch(/error=access_denied/)
  const again = await browser.open((await app.start()).url)
  expect(new URL(again.url).pathname).toMatch(/^\/consent\//)
})

test('prompt=none asks nobody', async () => {
  const app = await openApplication(service, asking)
  const browser = await signedIn('zoeuvrard')
  const answer = await browser.open((await app.start({ prompt: 'none' })).url)
  expect(answer.url).toContain('error=consent_required')
})

test('a form of consent of another browser is refused', async () => {
  const app = await openApplication(service, asking)
  const [one, other] = [await signedIn('zoeuvrard'), await signedIn('elefevre')]
  const page = await one.open((await app.start()).url)
  const answer = await other.submit(page, { answer: 'allow' })
  expect([400, 403]).toContain(answer.status)
})

test('an application of our own is not asked about', async () => {
  const browser = await signedIn('zoeuvrard')
  const app = await openApplication(service)
  expect((await browser.open((await app.start()).url)).url).toContain('code=')
})

async function claims(login: string, scope: string) {
  const app = await openApplication(service)
  const tokens = await app.signIn(await signedIn(login), { scope })
  const sub = tokens.claims()?.sub ?? ''
  return { sub, claims: await app.userinfo(tokens.access_token, sub) }
}

const all = 'openid profile email phone groups'

test('claims come from the directory, as the scopes ask', async () => {
  const { sub, claims: told } = await claims('elefevre', all)
  expect(told).toMatchObject({
    sub,
    given_name: 'Élodie',
    family_name: 'LEFÈVRE',
    preferred_username: 'elefevre',
    email: 'elodie.lefevre@example.org',
    email_verified: true,
    phone_number: '+33 4 77 00 00 01',
    groups: expect.arrayContaining([expect.any(String)]),
  })
  expect(await claims('elefevre', 'openid email')).toMatchObject({ claims: { sub } })
  expect(Object.keys((await claims('elefevre', 'openid email')).claims).toSorted()).toEqual([
    'email',
    'email_verified',
    'sub',
  ])
})

test('what is hidden from applications is in no claim', async () => {
  const { claims: told } = await claims('hugo', all)
  expect(told).toMatchObject({ family_name: 'GRÜNWALD', groups: [] })
  expect(told).not.toHaveProperty('email')
  expect(told).not.toHaveProperty('preferred_username')
  const { sub, claims: hidden } = await claims('ada', all)
  expect(hidden).toEqual({ sub })
})
