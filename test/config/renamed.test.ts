import { describe, expect, test } from 'vitest'
import { renamedKeys } from '../../src/config/renamed.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { faultsOf, load, sound } from './config-folder.ts'

const renamed = [
  { from: 'tenants[].directories[].servers', to: 'tenants[].directories[].urls', since: '0.3' },
  { from: 'smtp', to: 'mail.url', since: '0.3' },
]

describe('a key that was renamed', () => {
  const old = `${sound.replace('urls:', 'servers:')}smtp: smtps://mail.acme.example\n`

  test('warns, names its successor and still works', async () => {
    const { config, warnings } = await load({ 'idaas.yaml': old }, { renamed })
    expect(config.tenants[0]?.directories[0]?.urls).toEqual(['ldaps://ldap.acme.example'])
    expect(config.mail.url).toBe('smtps://mail.acme.example')
    expect(warnings).toMatchObject([
      { place: { line: 10 }, text: 'renamed in version 0.3: write `tenants[0].directories[0].urls`' },
      { place: { line: 14 }, text: 'renamed in version 0.3: write `mail.url`' },
    ])
  })

  test('is refused beside its successor', async () => {
    const both = old.replace('servers:', 'urls: [ldaps://a.example]\n        servers:')
    const { faults } = await faultsOf(both, { renamed })
    expect(faults).toMatchObject([{ path: ['tenants', 0, 'directories', 0, 'servers'], place: { line: 11 } }])
  })

  test('has its faults at the line where the value is', async () => {
    const { faults } = await faultsOf(old.replace('smtps:', 'ftp:'), { renamed })
    expect(faults).toMatchObject([{ path: ['mail', 'url'], place: { line: 14 } }])
  })

  test('is forgotten after two releases', () => {
    const [major = 0, minor = 0] = packageJson.version.split('.').map(Number)
    for (const { since } of renamedKeys) {
      const [sinceMajor = 0, sinceMinor = 0] = since.split('.').map(Number)
      expect(sinceMajor === major && minor < sinceMinor + 2).toBe(true)
    }
  })
})
