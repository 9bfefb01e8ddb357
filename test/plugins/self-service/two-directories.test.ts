import { afterAll, beforeAll, expect, test } from 'vitest'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import { until } from '../../support/poll.ts'
import { startSlapd, type Slapd } from '../../support/slapd.ts'
import { testTenantConfig } from '../../support/tenant.ts'
import { createBrowser } from '../oidc/browser.ts'
import { signedIn, startDeskService, type DeskService } from '../service-desk/desk-service.ts'

let slapd: Slapd
let second: Slapd
let service: DeskService
beforeAll(async () => {
  ;[slapd, second] = await Promise.all([
    startSlapd({ seed: { people: 60 } }),
    startSlapd({ suffix: 'dc=second,dc=example', seed: { people: 60 } }),
  ])
  const [main] = testTenantConfig(slapd).directories
  const [other] = testTenantConfig(second).directories
  if (main === undefined || other === undefined) throw new Error('no directory')
  const alsoIn = [{ directory: 'second', base: `ou=people,${second.suffix}`, attribute: 'uid', from: 'uid' }]
  service = await startDeskService(slapd, {
    changes: {
      directories: [
        { ...main, passwords: { passThrough: [], alsoIn } },
        { ...other, name: 'second' },
      ],
    },
  })
})
afterAll(async () => {
  await service.stop()
  await Promise.all([slapd.stop(), second.stop()])
})

const mainOf = <T extends { text: string }>(page: T): T => ({
  ...page,
  text: page.text.slice(page.text.indexOf('<main')),
})

async function backAgain(): Promise<void> {
  await second.restart()
  const directory = service.tenant.directories.get('second')
  await until(() => directory?.ping().then(() => true), { within: 10_000 })
}

test('a change that one directory missed is told, waits under “My account”, and is brought there', async () => {
  const browser = await signedIn(service, 'u000010')
  await second.kill()
  const form = await browser.open(`${service.issuer}/password`)
  const partly = await browser.submit(mainOf(form), { old: 'pw-u000010', password: 'a sentence of my own' })
  expect(partly.text).toContain('Your password is changed, but not everywhere.')
  expect(partly.text).toContain('second: as far as we know still the old password.')

  const account = await browser.open(`${service.issuer}/account`)
  expect(account.text).toContain('It is still missing in: second.')
  const still = await browser.submit(mainOf(account))
  expect(still.text).toContain('not everywhere')
  await backAgain()
  const done = await browser.submit(mainOf(await browser.open(`${service.issuer}/account`)))
  expect(done.text).toContain('Your password is changed.')
  expect(done.text).not.toContain('still missing')
})

test('who must change at sign-in is told before they go on', async () => {
  await ldapmodify(
    asRoot(slapd),
    `dn: uid=u000011,ou=people,${slapd.suffix}\nchangetype: modify\nreplace: pwdReset\npwdReset: TRUE\n`,
  )
  await second.kill()
  const browser = createBrowser()
  const page = await browser.open(`${service.issuer}/sign-in?to=/people`)
  const asked = await browser.submit(page, { login: 'u000011', password: 'pw-u000011' })
  const told = await browser.submit(asked, { old: 'pw-u000011', password: 'a sentence of my own' })
  await backAgain()
  expect(told.text).toContain('Your password is changed, but not everywhere.')
  const href = /<a class="button primary" href="([^"]+)"/.exec(told.text)?.[1]?.replaceAll('&amp;', '&')
  const went = await browser.open(new URL(href ?? '', told.url).href)
  expect(new URL(went.url).pathname).toBe('/people')
})
