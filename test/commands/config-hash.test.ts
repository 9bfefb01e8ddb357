import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { configHash } from '../../src/commands/config-hash.ts'
import { configSchema } from '../../src/config/schema.ts'
import { createSealer } from '../../src/store/seal.ts'
import { testTenantConfig } from '../support/tenant.ts'

const keys = [randomBytes(32).toString('hex')]
const slapd = {
  url: 'ldap://127.0.0.1:1',
  suffix: 'dc=example,dc=org',
  appDn: 'cn=app',
  appPassword: 'secret',
}

function hashOf({ appPassword = 'secret', port = 8080, sealKeys = keys } = {}): string {
  const config = configSchema.parse({
    version: 1,
    server: { port },
    database: 'postgres://nobody@127.0.0.1:1/none',
    keys,
    tenants: [testTenantConfig({ ...slapd, appPassword })],
  })
  return configHash(config, createSealer(sealKeys))
}

test('the same configuration has the same hash, wherever it listens', () => {
  expect(hashOf()).toMatch(/^[\w-]{12}$/)
  expect(hashOf({ port: 8081 })).toBe(hashOf())
})

test('a secret that differs makes another one', () => {
  expect(hashOf({ appPassword: 'another' })).not.toBe(hashOf())
})

test('nobody without the secret key can try passwords against it', () => {
  expect(hashOf({ sealKeys: [randomBytes(32).toString('hex')] })).not.toBe(hashOf())
})
