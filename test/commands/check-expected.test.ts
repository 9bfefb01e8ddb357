import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { expectedSchema } from '../../src/config/expected-schema.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { makeInstallation, type Installation } from './installation.ts'

let slapd: Slapd
let site: Installation

beforeAll(async () => {
  slapd = await startSlapd()
  const { suffix } = slapd
  const base = `ou=people,${suffix}`
  site = await makeInstallation(slapd, {
    whitePages: { access: 'signed-in', visibility: [{ hide: ['phone'], audience: ['application'] }] },
    clients: [
      {
        id: 'wiki',
        redirectUris: ['https://wiki.example/cb'],
        scopes: ['openid', 'profile', 'email', 'phone', 'groups'],
        secret: 'wiki-secret',
      },
    ],
    sync: {
      tasks: [
        {
          name: 'people',
          source: { directory: 'main', base },
          destination: { directory: 'main', base },
          pivots: ['uid'],
          entryName: `dn\`uid=$\${source.uid},${base}\``,
          attributes: { objectClass: { create: '"inetOrgPerson"', policy: 'keep' }, uid: {}, cn: {}, sn: {} },
        },
      ],
    },
  })
  await site.run('migrate')
})
afterAll(async () => await slapd.stop())

async function check(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(`${site.folder}-expected`, path)), { recursive: true })
    await writeFile(join(`${site.folder}-expected`, path), text)
  }
  return await site.run('check', '--expect', join(`${site.folder}-expected`, 'expected.yaml'))
}

const person = (sn: string) => `version: 1

dn: uid=xx,ou=people,${slapd.suffix}
objectClass: inetOrgPerson
uid: xx
cn: xx
sn: ${sn}
`

test('searches, claims and synchronizations that are as expected', async () => {
  const ended = await check({
    'expected.yaml': `version: 1
searches:
  - { search: lefevre, as: alice, finds: [elefevre], hides: [alice] }
  - { search: nobody-has-such-a-name, as: hugo }
claims:
  - { login: alice, client: wiki, has: { name: Alice MARTIN, preferred_username: alice }, lacks: [phone_number] }
  - { login: hugo, client: wiki, has: { groups: [service-desk] } }
sync: [cases]
`,
    'cases/people/a new one/source.ldif': person('Xu'),
    'cases/people/a new one/destination.ldif': 'version: 1\n',
    'cases/people/a new one/expected.ldif': person('Xu'),
  })
  expect(ended.stdout).toMatch(
    /ok {5}search "lefevre" as alice\n[^]*ok {5}claims of hugo for wiki\n[^]*everything is as expected\n$/,
  )
  expect(ended).toMatchObject({ code: 0, stderr: '' })
})

test('what is otherwise is told, each thing, with exit code 2', async () => {
  const ended = await check({
    'expected.yaml': `version: 1
searches:
  - { search: lefevre }
  - { search: lefevre, as: alice, finds: [zoeuvrard], hides: [elefevre] }
  - { search: lefevre, as: nobody-of-us }
claims:
  - { login: alice, client: wiki, has: { name: Alice }, lacks: [email] }
  - { login: alice, client: wikki }
sync: [wrong]
`,
    'wrong/people/a new one/source.ldif': person('Xu'),
    'wrong/people/a new one/destination.ldif': 'version: 1\n',
    'wrong/people/a new one/expected.ldif': person('Yu'),
  })
  expect(ended.code).toBe(2)
  for (const said of [
    'for people who are signed in: say who with',
    'zoeuvrard is not found',
    'elefevre is found and should not be',
    'nobody called nobody-of-us may sign in',
    'name is "Alice MARTIN", expected "Alice"',
    'email is told and should not be',
    'no application has the id wikki',
    'failed people / a new one',
  ])
    expect(ended.stdout).toContain(said)
  expect(ended.stdout).toMatch(/something is not as expected\n$/)
})

test('a fault of the file is told with its line, before anything is asked', async () => {
  const ended = await check({ 'expected.yaml': 'version: 1\nsearches:\n  - { search: x, finds: alice }\n' })
  expect(ended).toMatchObject({ code: 5, stdout: '' })
  expect(ended.stderr).toMatch(/expected\.yaml:3:\d+ {2}searches\[0\]\.finds\n/)
})

// `npm test -- commands/check-expected -u` writes it anew.
test('docs hold the JSON Schema of the file', async () => {
  const path = fileURLToPath(new URL('../../docs/expected.schema.json', import.meta.url))
  const schema = z.toJSONSchema(expectedSchema, { io: 'input' })
  const { code } = await format(
    path,
    JSON.stringify({ ...schema, title: 'What a customer expects: idaas check --expect' }),
  )
  await expect(code).toMatchFileSnapshot(path)
})
