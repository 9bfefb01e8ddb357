import { symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { environment, faultsOf, folderOf, load, sound } from './config-folder.ts'

describe('a configuration in one file', () => {
  test('is read, with defaults filled in', async () => {
    const { config, warnings } = await load({ 'idaas.yaml': sound })
    expect(warnings).toEqual([])
    expect(config.server.port).toBe(8080)
    expect(config.ephemeral).toEqual({ kind: 'postgres' })
    expect(config.tenants[0]?.directories[0]).toMatchObject({ operationTimeout: 5000, expiringWithin: 14 })
  })

  test('is named by IDAAS_CONFIG, which is said when it is missing or wrong', async () => {
    await expect(loadConfig({})).rejects.toThrow(/IDAAS_CONFIG[^]*a file or a folder of YAML/)
    await expect(loadConfig({ IDAAS_CONFIG: '/nowhere/idaas.yaml' })).rejects.toThrow(
      /nowhere[^]*no such file/,
    )
  })

  test('takes the port from PORT, which is checked like any other value', async () => {
    const { config } = await load({ 'idaas.yaml': sound }, { env: { PORT: '9000' } })
    expect(config.server.port).toBe(9000)
    expect((await faultsOf(sound, { env: { PORT: '90000' } })).lines).toEqual([
      'server.port: 90000; at most 65535',
    ])
    expect((await faultsOf(sound, { env: { PORT: 'http' } })).lines).toEqual([
      'server.port: "http"; a number',
    ])
  })

  test('may keep a key whose list is commented out', async () => {
    const { config } = await load({ 'idaas.yaml': `${sound}    clients:\n    #  - id: later\nmail:\n` })
    expect(config.tenants[0]?.clients).toEqual([])
  })
})

describe('faults', () => {
  test('are reported all at once, each with its file, line and column', async () => {
    const { faults, message } = await faultsOf(
      sound
        .replace('version: 1', 'version: 2')
        .replace('postgres:', 'mysql:')
        .replace('ldaps://ldap.acme.example', 'ldap://ldap.acme.example')
        .replace('directory: main', 'directory: mian')
        .replace('ou=people,', 'people,')
        .concat('    colour: red\n'),
    )
    expect(faults.map(({ place }) => [basename(place.file), place.line, place.column])).toEqual([
      ['idaas.yaml', 1, 10],
      ['idaas.yaml', 2, 11],
      ['idaas.yaml', 10, 16],
      ['idaas.yaml', 13, 29],
      ['idaas.yaml', 13, 41],
      ['idaas.yaml', 14, 5],
    ])
    expect(message).toContain(
      'idaas.yaml:10:16  tenants[0].directories[0].urls[0]\n  found     "ldap://ldap.acme.example"',
    )
    expect(message).toMatch(/6 faults in the configuration$/)
  })

  test('name the key that was probably meant', async () => {
    const { lines } = await faultsOf(
      sound.replace('bind:', 'start_tls: true\n        bind:').concat('servre: {}\n'),
    )
    expect(lines).toEqual([
      'tenants[0].directories[0].start_tls: a key that is not known here; did you mean `startTls`?',
      'servre: a key that is not known here; did you mean `server`?',
    ])
  })

  test('list the known keys where none is near', async () => {
    const { lines } = await faultsOf(`${sound}mail: { zebra: 1 }\n`)
    expect(lines).toEqual(['mail.zebra: a key that is not known here; one of url, ca, from'])
    const task = JSON.stringify({
      name: 'people',
      source: { directory: 'main', base: 'ou=hr' },
      destination: { directory: 'main', base: 'ou=people' },
      pivots: ['uid'],
      attributes: { sn: { zebra: 1 } },
    })
    const below = await faultsOf(`${sound}    sync: { tasks: [${task}] }\n`)
    expect(below.lines).toEqual([
      expect.stringMatching(
        /attributes\.sn\.zebra: a key that is not known here; one of policy, from, value/,
      ),
    ])
  })

  test('of a value with several forms are those of the form that was meant', async () => {
    const withoutPassword = sound.replace(/, password: "[^"]*"/, '')
    expect((await faultsOf(withoutPassword)).lines).toEqual([
      'tenants[0].directories[0].bind.password: nothing; a text',
    ])
    const text = sound.replace(/bind: .*/, 'bind: anonymous')
    expect((await faultsOf(text)).lines).toEqual([
      'tenants[0].directories[0].bind: "anonymous"; keys and values',
    ])
    const hide = await faultsOf(
      `${sound}    whitePages: { visibility: [{ audience: [public], hide: all }] }\n`,
    )
    expect(hide.lines).toEqual(['tenants[0].whitePages.visibility[0].hide: "all"; entry, or a list'])
    const kind = await faultsOf(`${sound}ephemeral: { kind: rediss }\n`)
    expect(kind.lines).toEqual(['ephemeral.kind: "rediss"; `kind`: redis, postgres or memory'])
  })

  test('of a missing key send to what it is missing in', async () => {
    const { faults } = await faultsOf(sound.replace('    displayName: Acme\n', ''))
    expect(faults).toMatchObject([
      { path: ['tenants', 0, 'displayName'], found: 'nothing', place: { line: 5 } },
    ])
  })

  test.each([
    ['a tab as indentation', 'a:\n\tb: 1\n', 2],
    ['a key that this map has already', 'version: 1\nversion: 1\n', 2],
    ['an alias (*name) without its anchor', 'version: 1\ndatabase: *nowhere\n', 2],
    ['an alias (*name) without its anchor', 'mail: &mail\n  url: *mail\n', 2],
    ['a second document (---)', 'version: 1\n---\nversion: 1\n', 2],
    ['a tag (!name)', 'version: !one 1\n', 1],
    ['a wrong indentation, or a bracket left open', 'version: [1\n', 2],
    ['a quote, bracket or comma that is missing', 'keys: [${env:A}]\n', 1],
  ])('of YAML have their line: %s', async (found, text, line) => {
    const { faults } = await faultsOf(text)
    expect(faults).toContainEqual(
      expect.objectContaining({ found, place: expect.objectContaining({ line }) }),
    )
  })

  test('of a file that cannot be read to its end hide those that could be its consequence', async () => {
    const parts = { 'a.yaml': 'version: 1\nserver: { prot: 80 }\n', 'b.yaml': 'tenants: [\n' }
    expect((await faultsOf(parts)).lines).toEqual([
      'server.prot: a key that is not known here; did you mean `port`?',
      expect.stringContaining('a bracket left open'),
    ])
  })

  test('of a reference are not reported when what it refers to could not be read', async () => {
    const [head = '', directories = ''] = sound.split('    directories:')
    const [, uses = ''] = directories.split('    uses:')
    const files = { 'a.yaml': `${head}    uses:${uses}`, 'b.yaml': 'tenant: acme\ndirectories: [\n' }
    expect((await faultsOf(files)).lines).toEqual([expect.stringContaining('a bracket left open')])
  })

  test('include a file in another encoding than UTF-8', async () => {
    const latin1 = Buffer.from(sound.replace('displayName: Acme', 'displayName: Mairie de Béziers'), 'latin1')
    expect((await faultsOf({ 'idaas.yaml': latin1 })).message).toContain('a file that is not UTF-8')
  })
})

describe('a configuration in a folder', () => {
  const parts = {
    'tenant.yaml': 'version: 1\ntenant: acme\nissuer: https://id.acme.example\ndisplayName: Acme\n',
    'directories.yaml': `tenant: acme
directories:
  - { name: main, urls: [ldaps://ldap.acme.example], bind: { dn: cn=idaas, password: "\${env:LDAP_PASSWORD}" } }
uses: { signIn: [{ directory: main, base: ou=people }] }
`,
    'clients/cloud.yaml':
      'tenant: acme\nclients: [{ id: cloud, redirectUris: [https://cloud.acme.example/cb] }]\n',
    'clients/mail.yml':
      'tenant: acme\nclients: [{ id: mail, redirectUris: [https://mail.acme.example/cb] }]\n',
    'installation.yaml': 'version: 1\ndatabase: postgres://idaas@db/idaas\nkeys: ["${env:KEY}"]\n',
    'README.md': 'not: [read',
  }

  test('joins the parts of a tenant and the lists they share', async () => {
    const { config } = await load(parts)
    expect(config.tenants.map(({ name }) => name)).toEqual(['acme'])
    expect(config.tenants[0]?.clients.map(({ id }) => id)).toEqual(['cloud', 'mail'])
  })

  test('joins lists of tenants', async () => {
    const other = sound.slice(sound.indexOf('tenants:')).replaceAll('acme', 'other')
    const { config } = await load({ 'a.yaml': sound, 'b.yaml': other })
    expect(config.tenants.map(({ name }) => name)).toEqual(['acme', 'other'])
  })

  test('takes a key without a value for absent, whichever file has it', async () => {
    const { config } = await load({
      ...parts,
      'clients/a.yaml': 'tenant: acme\nclients:\n',
      'z.yaml': 'tenants:\n',
    })
    expect(config.tenants[0]?.clients).toHaveLength(2)
    const later = await load({ ...parts, 'clients/z.yaml': 'tenant: acme\nclients:\n' })
    expect(later.config.tenants[0]?.clients).toHaveLength(2)
  })

  test('adds parts to a tenant of a list, whichever file comes first', async () => {
    const { config } = await load({ 'z.yaml': sound, 'clients/cloud.yaml': parts['clients/cloud.yaml'] })
    expect(config.tenants[0]?.clients.map(({ id }) => id)).toEqual(['cloud'])
  })

  test('refuses a key that two files have, and names both', async () => {
    const { faults, message } = await faultsOf({ ...parts, 'z.yaml': 'tenant: acme\ndisplayName: Other\n' })
    expect(faults).toMatchObject([{ path: ['tenants', 0, 'displayName'], found: 'a second `displayName`' }])
    expect(message).toMatch(/z\.yaml:2:1 [^]*tenant\.yaml:4:1/)
    const server = await faultsOf({ 'a.yaml': `${sound}server: {}\n`, 'b.yaml': 'server: { port: 80 }\n' })
    expect(server.lines).toEqual([expect.stringContaining('server: a second `server`')])
  })

  test('refuses two versions, and a part that names no tenant', async () => {
    const { lines } = await faultsOf({ ...parts, 'y.yaml': 'version: 2\n', 'z.yaml': 'tenant:\nroles: []\n' })
    expect(lines).toEqual([
      expect.stringContaining('version: a second `version`'),
      'tenant: no name; the name of a tenant',
    ])
  })

  test('is read as Kubernetes mounts a ConfigMap: links to a hidden folder', async () => {
    const folder = await folderOf({ '..2026/idaas.yaml': sound })
    await symlink('..2026', join(folder, '..data'))
    await symlink('..data/idaas.yaml', join(folder, 'idaas.yaml'))
    const { config } = await loadConfig({ ...environment, IDAAS_CONFIG: folder })
    expect(config.tenants).toHaveLength(1)
  })

  test('holds at least one file', async () => {
    expect((await faultsOf({ 'notes.txt': '' })).message).toContain('a folder without any *.yaml')
  })

  test('makes paths of files relative to the file that names them', async () => {
    const ca = parts['directories.yaml'].replace('bind:', 'ca: tls/ca.pem, bind:')
    const folder = await folderOf({ ...parts, 'ldap/directories.yaml': ca, 'directories.yaml': '# moved' })
    const { config } = await loadConfig({ ...environment, IDAAS_CONFIG: folder })
    expect(config.tenants[0]?.directories[0]?.ca).toBe(join(folder, 'ldap/tls/ca.pem'))
  })
})
