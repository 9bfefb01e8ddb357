import { describe, expect, test } from 'vitest'
import { tenantByHost } from '../../src/tenants/tenant-hosts.ts'

const acme = {
  name: 'acme',
  issuer: 'https://id.acme.example',
  config: { hosts: ['idp.acme.example', '127.0.0.1'] },
}
const other = { name: 'other', issuer: 'http://[::1]:8080', config: { hosts: ['identité.example'] } }
const find = tenantByHost([acme, other])

describe('a host name', () => {
  test.each([
    'id.acme.example',
    'ID.Acme.Example',
    'id.acme.example:443',
    'id.acme.example:8080',
    'id.acme.example:',
    'id.acme.example.',
    'id.acme.example.:8080',
  ])('of an issuer is its tenant: %s', (host) => {
    expect(find(host)).toEqual({ kind: 'tenant', tenant: acme })
  })

  test.each(['[::1]', '[::1]:8080', '[0:0:0:0:0:0:0:1]:8080'])('may be an IPv6 address: %s', (host) => {
    expect(find(host)).toEqual({ kind: 'tenant', tenant: other })
  })

  test.each([
    ['idp.acme.example', acme],
    ['127.0.0.1:8080', acme],
    ['xn--identit-hya.example', other],
  ])('that is an extra one redirects to the issuer: %s', (host, tenant) => {
    expect(find(host)).toEqual({ kind: 'redirect', tenant })
  })

  test.each([
    undefined,
    '',
    '.',
    'acme.example',
    'x.id.acme.example',
    'id.acme.example.evil.example',
    'evil.example',
    'id.acme.example@evil.example',
    'evil.example@id.acme.example',
    'id.acme.example/evil',
    'id.acme.example?',
    'id.acme.example#',
    'id.acme.example\\evil.example',
    'id.acme.example, evil.example',
    'id.acme.example evil.example',
    'id.acme.example:80:80',
    'id.acme.example:http',
    'id.acme.example..',
    '%69d.acme.example',
    'id\t.acme.example',
    '::1',
    '[::1',
    '[::1]x',
  ])('that is anything else is unknown: %s', (host) => {
    expect(find(host)).toEqual({ kind: 'unknown' })
  })
})
