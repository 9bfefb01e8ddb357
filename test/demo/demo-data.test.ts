import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { demoConfig } from '../../src/demo/demo-config.ts'
import { demoSettings } from '../../src/demo/demo-data.ts'
import { parseLdif } from '../../src/ldap/ldif.ts'
import { makeDemoLdif } from '../support/demo-ldif.ts'

const committed = await readFile(new URL('../../src/demo/acme.ldif', import.meta.url), 'utf8')

describe('the data of the demo', () => {
  it('are what the generator makes: node test/support/demo-ldif.ts > src/demo/acme.ldif', () => {
    expect(committed === makeDemoLdif()).toBe(true)
  })

  it('hold a thousand people and no clear password', () => {
    expect(parseLdif(committed)).toHaveLength(1_027)
    expect(committed.match(/^uid: /gm)).toHaveLength(1_000)
    const passwords = [...committed.matchAll(/^userPassword: (.*)$/gm)].map(([, value]) => value)
    expect(passwords).toHaveLength(1_001)
    expect(passwords.every((value) => value?.startsWith('{SSHA512}'))).toBe(true)
  })

  it('make a configuration without a fault', () => {
    const place = {
      port: 8080,
      ldapPort: 1389,
      dataDir: '/data',
      database: 'postgres://localhost/demo',
      keys: ['0'.repeat(64)],
    }
    expect(demoConfig(place)).toMatchObject({ server: { host: '127.0.0.1' }, tenants: [{ name: 'acme' }] })
  })

  it('refuse a port that is none, and say which setting it was', () => {
    expect(() => demoSettings({ PORT: '80x' })).toThrow('PORT is "80x"')
    expect(() => demoSettings({ IDAAS_LDAP_PORT: '0' })).toThrow('IDAAS_LDAP_PORT')
  })
})
