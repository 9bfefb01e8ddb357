import { describe, expect, test } from 'vitest'
import { environment, faultsOf, load, sound } from './config-folder.ts'

describe('references', () => {
  test('bring in environment variables and files, one newline at the end left out', async () => {
    const { config } = await load(
      {
        'idaas.yaml': sound
          .replace('${env:LDAP_PASSWORD}', '${file:secrets/ldap}')
          .replace('idaas@db', 'idaas:${env:DB_PASSWORD}@${env:DB_HOST}'),
        'secrets/ldap': 'two\nlines\n\n',
      },
      { env: { DB_PASSWORD: 'p%40ss', DB_HOST: 'db' } },
    )
    expect(config.database).toBe('postgres://idaas:p%40ss@db.example.org/idaas')
    expect(config.tenants[0]?.directories[0]?.bind).toMatchObject({ password: 'two\nlines\n' })
  })

  test('are not looked for in what they bring in', async () => {
    const { config } = await load({ 'idaas.yaml': sound }, { env: { LDAP_PASSWORD: 'a${env:KEY}b' } })
    expect(config.tenants[0]?.directories[0]?.bind).toMatchObject({ password: 'a${env:KEY}b' })
  })

  test('are escaped by $${', async () => {
    const { config } = await load({
      'idaas.yaml': sound.replace('Name: Acme', () => 'Name: "$${env:KEY} $5"'),
    })
    expect(config.tenants[0]?.displayName).toBe('${env:KEY} $5')
  })

  test('are told from the ${} of JavaScript in the scripts of synchronization tasks', async () => {
    const task = `    sync:
      tasks:
        - name: people
          source: { directory: main, base: "ou=hr,dc=acme,dc=example" }
          destination: { directory: main, base: "ou=people,dc=acme,dc=example" }
          pivots: [uid]
          attributes: { mail: { value: "'\${source.uid}@\${env:DOMAIN}' + \`\${1 + 1}\`" } }
`
    const { config } = await load(
      { 'idaas.yaml': sound + task },
      { env: { ...environment, DOMAIN: 'acme.example' } },
    )
    expect(config.tenants[0]?.sync.tasks[0]?.attributes['mail']?.value).toBe(
      "'${source.uid}@acme.example' + `${1 + 1}`",
    )
  })

  test('that cannot be followed are all reported, and nothing that follows from them', async () => {
    const { lines } = await faultsOf(
      sound.replace('${env:KEY}', '${env:NO_KEY}').replace('env:LDAP_PASSWORD', 'file:no'),
      {
        env: {},
      },
    )
    expect(lines).toEqual([
      'keys[0]: ${env:NO_KEY}, which is not set; the environment variable NO_KEY',
      'tenants[0].directories[0].bind.password: ${file:no}: no such file; a file that can be read',
    ])
  })

  test.each(['${KEY}', '${vault:x}', '${env:', '${}'])(
    'in another form are refused: %s',
    async (reference) => {
      const { lines } = await faultsOf(sound.replace('displayName: Acme', `displayName: "${reference}"`))
      expect(lines).toEqual([
        expect.stringMatching(/^tenants\[0\]\.displayName: a `\$\{` that is no reference/),
      ])
    },
  )
})

describe('no message shows a secret', () => {
  const secret = 'hunter2-of-the-castle'

  test.each([
    [
      'a database URL of the wrong kind',
      (text: string) => text.replace(/database: .*/, `database: mysql://u:${secret}@db`),
    ],
    ['a database URL that is none', (text: string) => text.replace(/database: .*/, `database: ${secret}`)],
    ['a key that is too short', (text: string) => text.replace('${env:KEY}', secret)],
    ['keys that are no list', (text: string) => text.replace(/keys: .*/, `keys: ${secret}`)],
    ['a misspelt key', (text: string) => text.replace('password:', `pasword: "${secret}", password:`)],
    ['a map under a misspelt key', (text: string) => `${text}smtp: { auth: { password: [${secret}] } }\n`],
    ['a password as an alias', (text: string) => text.replace('"${env:LDAP_PASSWORD}"', `*${secret}`)],
    ['a password as a tag', (text: string) => text.replace('"${env:LDAP_PASSWORD}"', `!${secret}`)],
    ['a password with a comma', (text: string) => text.replace('"${env:LDAP_PASSWORD}"', `x,${secret}`)],
    ['a password with a bad escape', (text: string) => text.replace('${env:LDAP_PASSWORD}', `\\${secret}`)],
    [
      'a password with a reserved first character',
      (text: string) => text.replace('"${env:LDAP_PASSWORD}"', `@${secret}`),
    ],
    ['a password with a brace', (text: string) => text.replace('"${env:LDAP_PASSWORD}"', `}${secret}`)],
    ['a password without its quote', (text: string) => text.replace('"${env:LDAP_PASSWORD}"', `"${secret}`)],
    [
      'a password after an open reference',
      (text: string) => text.replace('${env:LDAP_PASSWORD}', `\${${secret}`),
    ],
    ['a mail URL', (text: string) => `${text}mail: { url: "http://u:${secret}@mail" }\n`],
    [
      'a URL with a password where none is expected',
      (text: string) => text.replace('ldaps://', `http://u:${secret}@`),
    ],
    [
      'a value that a reference brought',
      (text: string) => text.replace('issuer: https://id.acme.example', 'issuer: ${env:SECRET}'),
    ],
  ])('%s', async (_, edit) => {
    const { message } = await faultsOf(edit(sound), { env: { SECRET: secret } })
    expect(message).toMatch(/\d faults? in the configuration/)
    expect(message).not.toContain('hunter2')
    expect(message).not.toContain(secret.slice(1, 12))
  })
})
