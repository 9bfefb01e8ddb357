import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { faultsOf, load, sound } from './config-folder.ts'

const second = sound.slice(sound.indexOf('  - name: acme')).replaceAll('acme', 'other')

/** The path and the expectation of each fault. */
async function refusals(text: string): Promise<string[]> {
  const { faults } = await faultsOf(text)
  return faults.map(({ path, expected }) => `${path.slice(2).join('.')}: ${expected}`)
}

describe('tenants', () => {
  test('have an issuer that is a bare https:// origin; http:// is for this machine', async () => {
    const withIssuer = (issuer: string) => refusals(sound.replace('https://id.acme.example', issuer))
    expect(await withIssuer('http://id.acme.example')).toEqual([
      'issuer: https:// (http:// is for localhost only)',
    ])
    for (const local of [
      'http://localhost:8080',
      'http://127.0.0.1',
      'http://[::1]:8080',
      'http://acme.localhost',
    ]) {
      expect(await withIssuer(local)).toEqual([])
    }
    for (const inexact of [
      'https://id.acme.example/',
      'https://id.acme.example/auth',
      'https://ID.acme.example',
    ]) {
      expect(await withIssuer(inexact)).toEqual([expect.stringContaining('without path and slash')])
    }
    expect(await withIssuer('http://localhost.evil.example')).toHaveLength(1)
  })

  test('share no name and no host, however it is written', async () => {
    expect(await refusals(sound + second)).toEqual([])
    expect(await refusals(sound + second.replace('name: other', 'name: acme'))).toEqual([
      expect.stringMatching(/^name: another one: this is also at .*idaas\.yaml:5:11$/),
    ])
    for (const host of ['id.acme.example', 'ID.Acme.Example', 'id.acme.example.']) {
      expect(await refusals(`${sound}${second}    hosts: [${host}]\n`)).toEqual([
        expect.stringMatching(/^hosts\.0: /),
      ])
    }
    expect(await refusals(`${sound}    hosts: [a.example, a.example]\n`)).toEqual([
      expect.stringMatching(/^hosts\.1: /),
    ])
  })

  test('have hosts without scheme, port and path', async () => {
    for (const host of ['https://a.example', 'a.example:8080', 'a.example/b']) {
      expect(await refusals(`${sound}    hosts: ["${host}"]\n`)).toEqual([
        'hosts.0: a host name without scheme, port and path',
      ])
    }
    expect(await refusals(`${sound}    hosts: [idp.acme.example, "[::1]", 127.0.0.1]\n`)).toEqual([])
  })

  test('do not let a session idle for longer than it lives', async () => {
    const signIn = '    signIn: { idleLifetime: 3600, absoluteLifetime: 600 }\n'
    expect(await refusals(sound + signIn)).toEqual(['signIn.idleLifetime: no more than `absoluteLifetime`'])
  })
})

describe('directories', () => {
  const withUrls = (urls: string, more = '') =>
    refusals(sound.replace('[ldaps://ldap.acme.example]', `[${urls}]${more}`))

  test('are reached in clear only when that is allowed or crosses no network', async () => {
    expect(await withUrls('ldap://ldap.acme.example')).toEqual([
      expect.stringMatching(/^directories\.0\.urls\.0: ldaps:\/\/, or `startTls: true`/),
    ])
    expect(await withUrls('ldaps://a.example, ldap://b.example')).toEqual([
      expect.stringMatching(/^directories\.0\.urls\.1: /),
    ])
    expect(await withUrls('ldap://ldap.acme.example', '\n        startTls: true')).toEqual([])
    expect(await withUrls('ldap://ldap.acme.example', '\n        allowCleartext: true')).toEqual([])
    expect(
      await withUrls(
        'ldap://localhost:389, "ldap://127.0.0.1", "ldap://[::1]:1389", "ldapi://%2Frun%2Fldapi"',
      ),
    ).toEqual([])
  })

  test('use StartTLS on ldap:// only, and EXTERNAL on ldapi:// only', async () => {
    expect(await withUrls('ldaps://a.example', '\n        startTls: true')).toEqual([
      expect.stringContaining('encrypted already'),
    ])
    const external = sound.replace(/bind: .*/, 'bind: { sasl: EXTERNAL }')
    expect(await refusals(external)).toEqual(['directories.0.urls.0: ldapi:// (for `sasl: EXTERNAL`)'])
  })

  test('have different names, and are those that uses refer to', async () => {
    const guests =
      'directories:\n      - { name: main, urls: [ldaps://g.example], bind: { dn: cn=x, password: "y" } }'
    expect(await refusals(sound.replace('directories:', guests))).toEqual([
      expect.stringMatching(/^directories\.1\.name: another/),
    ])
    expect(await refusals(sound.replace('directory: main', 'directory: guests'))).toEqual([
      'uses.signIn.0.directory: a directory of this tenant (main)',
    ])
    expect(
      await refusals(
        sound + second.replaceAll('main', 'guests').replace('directory: guests', 'directory: main'),
      ),
    ).toEqual(['uses.signIn.0.directory: a directory of this tenant (guests)'])
  })

  test('are named with DNs and filters that parse', async () => {
    expect(await refusals(sound.replace('cn=idaas,', 'cn=idaas,,').replace('ou=people,', 'people,'))).toEqual(
      [
        expect.stringMatching(/^directories\.0\.bind\.dn: a DN/),
        expect.stringMatching(/^uses\.signIn\.0\.base: a DN/),
      ],
    )
    expect(await refusals(sound.replace('signIn: [{', 'signIn: [{ filter: "(uid=*",'))).toEqual([
      expect.stringMatching(/^uses\.signIn\.0\.filter: an LDAP filter/),
    ])
    expect(
      await refusals(
        `${sound}    whitePages: { visibility: [{ audience: [public], population: "uid", hide: entry }] }\n`,
      ),
    ).toEqual([expect.stringMatching(/^whitePages\.visibility\.0\.population: an LDAP filter/)])
  })
})

describe('roles', () => {
  const withRole = (role: string) => refusals(`${sound}    roles: [{ name: agent, rank: 10, ${role} }]\n`)

  test('name groups by DN and clients that exist', async () => {
    expect(await withRole('groups: [agents], clients: [desk]')).toEqual([
      expect.stringMatching(/^roles\.0\.groups\.0: a DN/),
      'roles.0.clients.0: a client of this tenant (there is none)',
    ])
  })

  test('reach branches and filters that may hold values of the agent', async () => {
    expect(
      await withRole(
        'reach: [{ base: "{agent.parent}" }, { base: "ou={agent.ou},dc=x", filter: "(l={agent.l})" }]',
      ),
    ).toEqual([])
    expect(
      await withRole('reach: [{ base: "ou={actor.ou},dc=x" }, { base: "dc=x", filter: "(l={agent.})" }]'),
    ).toEqual([
      'roles.0.reach.0.base: {agent.attribute} or {agent.parent} where braces are used',
      'roles.0.reach.1.filter: {agent.attribute} or {agent.parent} where braces are used',
    ])
    expect(await withRole('reach: [{ base: "x{agent.ou}" }]')).toEqual([
      expect.stringMatching(/^roles\.0\.reach\.0\.base: a DN/),
    ])
  })
})

describe('clients', () => {
  const withClient = (client: string) => refusals(`${sound}    clients: [{ id: cloud, ${client} }]\n`)
  const redirect = 'redirectUris: ["https://cloud.example/cb"]'

  test('do not take the id of our own pages, nor of each other', async () => {
    expect(await refusals(`${sound}    clients: [{ id: portal, ${redirect} }]\n`)).toEqual([
      expect.stringContaining('another id'),
    ])
    expect(await refusals(`${sound}    clients: [{ id: a, ${redirect} }, { id: a, ${redirect} }]\n`)).toEqual(
      [expect.stringMatching(/^clients\.1\.id: another one/)],
    )
  })

  test('have exact redirect addresses without a fragment that no script hides in', async () => {
    const uris = (uri: string) => withClient(`redirectUris: ["${uri}"]`)
    expect(await uris('https://cloud.example/#cb')).toEqual([expect.stringContaining('without a fragment')])
    expect(await uris('https://cloud.example/#')).toEqual([expect.stringContaining('without a fragment')])
    expect(await uris('https://*.cloud.example/cb')).toEqual([expect.stringContaining('an exact address')])
    expect(await uris('javascript:alert(1)')).toEqual([expect.stringContaining('an address https://')])
    expect(await uris('com.example.app:/cb')).toEqual([])
    expect(await withClient(`${redirect}, home: "javascript:alert(1)"`)).toEqual([
      'clients.0.home: a URL https:// or http://',
    ])
  })

  test('are warned of a redirect in clear to another machine', async () => {
    const text = `${sound}    clients: [{ id: cloud, redirectUris: ["http://cloud.example/cb", "http://localhost/cb"] }]\n`
    const { warnings } = await load({ 'idaas.yaml': text })
    expect(warnings).toMatchObject([
      { path: ['tenants', 0, 'clients', 0, 'redirectUris', 0], place: { line: 14 } },
    ])
  })

  test('have what their grants need', async () => {
    expect(await withClient('grants: [client_credentials]')).toEqual([
      expect.stringMatching(/^clients\.0\.secret: a secret/),
    ])
    expect(await withClient('grants: [client_credentials], secret: long-enough')).toEqual([])
    expect(await withClient('name: Cloud')).toEqual([
      expect.stringMatching(/^clients\.0\.redirectUris: at least one/),
    ])
    expect(await withClient('grants: [refresh_token]')).toEqual([
      expect.stringMatching(/^clients\.0\.grants: `authorization_code`/),
    ])
    expect(await withClient(`${redirect}, requirePkce: false`)).toEqual([
      expect.stringMatching(/^clients\.0\.requirePkce: true/),
    ])
    expect(await withClient(`${redirect}, requirePkce: false, secret: long-enough`)).toEqual([])
  })
})

describe('keys', () => {
  const withKey = async (key: string) =>
    (await faultsOf(sound.replace('${env:KEY}', key))).faults.map(({ expected }) => expected)

  test('are 32 random bytes, in any usual encoding', async () => {
    const bytes = randomBytes(32)
    for (const encoding of ['hex', 'base64', 'base64url'] as const)
      expect(await withKey(bytes.toString(encoding))).toEqual([])
    expect(await withKey(randomBytes(31).toString('hex'))).toEqual([expect.stringMatching(/^32 bytes/)])
    expect(await withKey(randomBytes(33).toString('hex'))).toEqual([expect.stringMatching(/^32 bytes/)])
    expect(await withKey('correct horse battery staple and so on and so on')).toEqual([
      'hexadecimal or base64url',
    ])
  })

  test.each([
    '00'.repeat(32),
    '0123456789abcdef'.repeat(4),
    'deadbeefcafebabe'.repeat(4),
    Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('hex'),
    Buffer.from('change-me-change-me-change-me-ok').toString('base64url'),
  ])('are not the ones that examples are full of: %s', async (key) => {
    expect(await withKey(key)).toEqual([expect.stringContaining('random bytes')])
  })

  test('differ from each other', async () => {
    const { lines } = await faultsOf(sound.replace('["${env:KEY}"]', '["${env:KEY}", "${env:KEY}"]'))
    expect(lines).toEqual([
      expect.stringMatching(/^keys\[1\]: a text from \$\{env:KEY\}, not shown; another one/),
    ])
  })
})

describe('passwords in two directories', () => {
  const withPasswords = (rules: string) =>
    refusals(sound.replace('    uses:', `        passwords: { ${rules} }\n    uses:`))

  test('name a directory of the tenant, a branch and attributes', async () => {
    const there = 'directory: main, base: "dc=ad,dc=example", attribute: sAMAccountName'
    expect(await withPasswords(`alsoIn: [{ from: uid, ${there} }], passThrough: [{ ${there} }]`)).toEqual([])
    const odd = 'directory: nowhere, base: people, attribute: "a b"'
    const found = await withPasswords(`alsoIn: [{ from: "(uid=*)", ${odd} }], passThrough: [{ ${odd} }]`)
    const paths = found.map((text) => text.replace(/: .*$/s, '')).toSorted()
    const at = (rule: string, keys: readonly string[]) =>
      keys.map((key) => `directories.0.passwords.${rule}.0.${key}`)
    expect(paths).toEqual([
      ...at('alsoIn', ['attribute', 'base', 'directory', 'from']),
      ...at('passThrough', ['attribute', 'base', 'directory']),
    ])
  })
})
