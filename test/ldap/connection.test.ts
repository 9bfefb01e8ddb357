import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, type Connection, type ConnectOptions } from '../../src/ldap/connection.ts'
import { LdapError } from '../../src/ldap/result.ts'
import { makeTlsFiles } from '../support/tls-files.ts'
import { type Slapd, startSlapd } from '../support/slapd.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let slapd: Slapd
let ldap: Connection

const asService = (options: Partial<ConnectOptions> = {}): Promise<Connection> =>
  connect({ url: slapd.url, bind: { dn: slapd.appDn, password: slapd.appPassword }, ...options })

const inspected = (error: unknown): string =>
  error instanceof Error ? `${error.stack}${JSON.stringify(error)}` : ''

beforeAll(async () => {
  slapd = await startSlapd()
  ldap = await asService()
})
afterAll(async () => {
  ldap?.unbind()
  await slapd?.stop()
})

describe('a connection', () => {
  test('is bound when it is there, in clear, by StartTLS, by ldaps and by ldapi', async () => {
    const tls = { ca: slapd.ca }
    for (const way of [
      { url: slapd.url },
      { url: slapd.url, startTls: true, tls },
      { url: slapd.ldapsUrl, tls },
      { url: slapd.ldapiUrl },
    ]) {
      const connection = await asService(way)
      expect(await connection.whoAmI()).toBe(`dn:${slapd.appDn}`)
      connection.unbind()
    }
  })

  test('takes the identity of the unix socket by SASL EXTERNAL', async () => {
    const connection = await connect({ url: slapd.ldapiUrl, bind: { sasl: 'EXTERNAL' } })
    expect(await connection.whoAmI()).toContain('cn=peercred,cn=external,cn=auth')
    connection.unbind()
  })

  test('is refused when an unknown authority signed the certificate, or it names another host', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'other-ca-'))
    const other = await makeTlsFiles(folder)
    await rm(folder, { recursive: true })
    const tls = { ca: other }
    for (const way of [
      { url: slapd.url, startTls: true },
      { url: slapd.url, startTls: true, tls },
      { url: slapd.ldapsUrl },
      { url: slapd.ldapsUrl, tls },
      { url: slapd.ldapsUrl, tls: { ca: slapd.ca, servername: 'elsewhere.example' } },
    ])
      await expect(asService(way)).rejects.toMatchObject({ name: 'LdapFailure', kind: 'tls' })
  })

  test('says that nobody listens', async () => {
    await expect(connect({ url: 'ldap://127.0.0.1:1' })).rejects.toMatchObject({ kind: 'unreachable' })
  })

  test('refuses an empty password before anything is sent, and a wrong one without showing it', async () => {
    for (const password of ['', Buffer.alloc(0)])
      await expect(ldap.bind({ dn: slapd.appDn, password })).rejects.toMatchObject({ kind: 'empty-password' })
    expect(await ldap.whoAmI()).toBe(`dn:${slapd.appDn}`)
    const wrong = asService({ bind: { dn: slapd.appDn, password: 'not-the-password' } })
    const error = await wrong.catch((refusal: unknown) => refusal)
    expect(error).toBeInstanceOf(LdapError)
    expect(error).toMatchObject({ code: 49, name: 'invalidCredentials' })
    expect(inspected(error)).not.toContain('not-the-password')
  })
})
