import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { environment, folderOf, sound } from '../config/config-folder.ts'
import { testDatabase } from '../support/postgres.ts'
import { idaas } from './program.ts'

describe('the command line', () => {
  test('tells its commands and its version', async () => {
    const help = await idaas(['--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toMatch(/idaas check [^]*idaas migrate [^]*IDAAS_CONFIG/)
    expect(await idaas(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
    expect((await idaas(['check', '--help'])).stdout).toMatch(/^idaas check \[--config PATH\]/)
  })

  test('suggests the command that was probably meant', async () => {
    expect(await idaas(['migrat'])).toEqual({
      code: 64,
      stdout: '',
      stderr: '"migrat" is no command: did you mean "migrate"?\n',
    })
    expect((await idaas(['toString'])).stderr).toMatch(
      /^"toString" is no command: there is serve, worker, demo/,
    )
  })

  test('refuses wrong use in words, without a stack', async () => {
    const nothing = await idaas([])
    expect(nothing.code).toBe(64)
    expect(nothing.stderr).toContain('idaas COMMAND')
    const option = await idaas(['check', '--confg', 'x'])
    expect(option.code).toBe(64)
    expect(option.stderr).toMatch(/--confg[^]*idaas check --help/)
    expect(option.stderr).not.toContain('.ts:')
  })
})

describe('idaas check', () => {
  test('accepts a sound configuration, by IDAAS_CONFIG or --config', async () => {
    const folder = await folderOf({ 'idaas.yaml': sound })
    const expected = { code: 0, stdout: 'no fault in the configuration of tenant acme\n', stderr: '' }
    expect(await idaas(['check', '--static'], { ...environment, IDAAS_CONFIG: folder })).toEqual(expected)
    const byOption = ['check', '--static', '--config', join(folder, 'idaas.yaml')]
    expect(await idaas(byOption, environment)).toEqual(expected)
  })

  test('prints every fault on stderr, one block each, and exits with 5', async () => {
    const folder = await folderOf({
      'idaas.yaml': sound.replace('version: 1', 'version: 7').replace('issuer:', 'isuer:'),
    })
    const { code, stdout, stderr } = await idaas(['check', '--config', folder], environment)
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
    expect(stderr).toBe(`${folder}/idaas.yaml:1:10  version
  found     7
  expected  1, the form of configuration that this release reads

${folder}/idaas.yaml:5:5  tenants[0].issuer
  found     nothing
  expected  a URL https://

${folder}/idaas.yaml:6:5  tenants[0].isuer
  found     a key that is not known here
  expected  did you mean \`issuer\`?

3 faults in the configuration
`)
  })

  test('prints warnings and goes on', async () => {
    const folder = await folderOf({
      'idaas.yaml': `${sound}    clients: [{ id: a, redirectUris: ["http://a.example/"] }]\n`,
    })
    const { code, stderr } = await idaas(['check', '--static', '--config', folder], environment)
    expect(code).toBe(0)
    expect(stderr).toMatch(/idaas\.yaml:14:39 {2}tenants\[0\]\.clients\[0\]\.redirectUris\[0\]\n {2}warning/)
  })
})

describe('idaas check, of the directories', () => {
  const dead = sound.replace('ldaps://ldap.acme.example', 'ldap://127.0.0.1:1')

  test('tells what is wrong and what to do, and exits with 2', async () => {
    const folder = await folderOf({ 'idaas.yaml': dead })
    const english = await idaas(['check', '--config', folder], environment)
    expect(english).toMatchObject({ code: 2, stderr: '' })
    expect(english.stdout).toMatch(
      /^acme – Directory main\n\nError: ldap:\/\/127.0.0.1:1 does not answer {2}\[server-unreachable\]\n {2}.*\n\nnc -vz 127.0.0.1 1\n/,
    )
    expect(english.stdout).toMatch(/\n1 error, no warning, no note\n$/)
    const french = await idaas(['check', '--config', folder], { ...environment, LANG: 'fr_FR.UTF-8' })
    expect(french.stdout).toContain('Erreur')
  })

  test('tells it to programs as JSON', async () => {
    const folder = await folderOf({ 'idaas.yaml': dead })
    const { code, stdout } = await idaas(['check', '--json', '--config', folder], environment)
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ code: 'server-unreachable', severity: 'error', tenant: 'acme', directory: 'main' }],
    })
  })
})

describe('idaas migrate', () => {
  test('brings the database to this version, once', async () => {
    const { url } = await testDatabase()
    const folder = await folderOf({ 'idaas.yaml': sound.replace(/database: .*/, 'database: "${env:DB}"') })
    const env = { ...environment, DB: url, IDAAS_CONFIG: folder }
    const first = await idaas(['migrate'], env)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/^ran 0001_/)
    expect((await idaas(['migrate'], env)).stdout).toBe('the database is at this version already\n')
  })

  test('says in a sentence that the database cannot be reached, without its password', async () => {
    const folder = await folderOf({ 'idaas.yaml': sound.replace(/database: .*/, 'database: "${env:DB}"') })
    const env = { ...environment, DB: 'postgres://idaas:hunter2@127.0.0.1:1/idaas', IDAAS_CONFIG: folder }
    const { code, stderr } = await idaas(['migrate'], env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^[^\n]*ECONNREFUSED[^\n]*\n$/)
    expect(stderr).not.toContain('hunter2')
  })
})
