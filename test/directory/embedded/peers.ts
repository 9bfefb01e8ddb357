import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type EmbeddedDirectoryOptions,
  serveEmbeddedDirectory,
} from '../../../src/directory/embedded/serve-embedded-directory.ts'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { passwordPolicy, readPasswordPolicy } from '../../../src/ldap/controls/password-policy.ts'
import { LdapFailure } from '../../../src/ldap/failure.ts'
import { LdapError, type Outcome } from '../../../src/ldap/result.ts'
import { startSlapd } from '../../support/slapd.ts'

export const suffix = 'dc=example,dc=org'
export const app = { dn: `cn=app,ou=services,${suffix}`, password: 'app-secret-1' }
export const dnOf = (uid: string): string => `uid=${uid},ou=people,${suffix}`

/** A directory under test, the real one or ours: what a case needs to know of it. */
export type Peer = { name: string; url: string; stop(): Promise<void> }

/** Our embedded directory, in a folder of its own. */
export async function startEmbedded(
  seed: string,
  options: Partial<EmbeddedDirectoryOptions> = {},
): Promise<Peer & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-'))
  await writeFile(join(folder, 'seed.ldif'), seed)
  const directory = await serveEmbeddedDirectory({
    ldif: join(folder, 'seed.ldif'),
    dataDir: join(folder, 'data'),
    port: 0,
    writers: [app.dn],
    defaultPolicy: `cn=default,ou=policies,${suffix}`,
    log: (error) => console.error(error),
    ...options,
  })
  return {
    name: 'embedded',
    url: directory.url,
    folder,
    stop: async () => {
      await directory.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** A real slapd with the same entries. */
export async function startReal(seed: string): Promise<Peer> {
  const folder = await mkdtemp(join(tmpdir(), 'seed-'))
  await writeFile(join(folder, 'seed.ldif'), seed)
  const slapd = await startSlapd({ suffix, seed: { ldif: join(folder, 'seed.ldif') } })
  await rm(folder, { recursive: true })
  return { name: 'slapd', url: slapd.url, stop: () => slapd.stop() }
}

/** Runs an act as somebody, with the policy control, and gives result code and policy answer in one line. */
export async function codeAs(
  peer: Peer,
  bind: { dn: string; password: string } | undefined,
  act: (
    connection: Connection,
    controls: { controls: ReturnType<typeof passwordPolicy>[] },
  ) => Promise<unknown>,
): Promise<string> {
  const connection = await connect({ url: peer.url, ...(bind && { bind }) })
  try {
    return await codeOf(act(connection, { controls: [passwordPolicy()] }))
  } finally {
    connection.unbind()
  }
}

/** The result of a bind. */
export async function bindCode(peer: Peer, dn: string, password: string): Promise<string> {
  return await codeAs(peer, undefined, (connection, controls) => connection.bind({ dn, password }, controls))
}

async function codeOf(act: Promise<unknown>): Promise<string> {
  try {
    const result = await act
    return isOutcome(result) ? describe(result) : JSON.stringify(result ?? null)
  } catch (error) {
    if (error instanceof LdapError) return describe(error)
    if (error instanceof LdapFailure) return error.kind
    throw error
  }
}

function describe(outcome: Pick<Outcome, 'code' | 'controls'>): string {
  const policy = readPasswordPolicy(outcome.controls)
  return [outcome.code, policy && Object.keys(policy).length > 0 ? JSON.stringify(policy) : '']
    .join(' ')
    .trim()
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && 'code' in value && 'controls' in value
}

/** The LDIF both start from: containers, policies, a service account, and the given people. */
export function makeSeed(people: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const policy = {
    pwdAttribute: 'userPassword',
    pwdMinLength: '8',
    pwdInHistory: '2',
    pwdCheckQuality: '1',
    pwdLockout: 'TRUE',
    pwdMaxFailure: '3',
    pwdLockoutDuration: '60',
    pwdFailureCountInterval: '30',
    pwdMustChange: 'TRUE',
    pwdMaxAge: '7776000',
    pwdExpireWarning: '604800',
    pwdGraceAuthNLimit: '2',
  }
  const policies = {
    default: policy,
    strict: { ...policy, pwdAllowUserChange: 'FALSE', pwdGraceAuthNLimit: '0' },
    safe: { ...policy, pwdSafeModify: 'TRUE', pwdMinAge: '3600' },
    open: { pwdAttribute: 'userPassword', pwdLockout: 'FALSE', pwdMustChange: 'FALSE' },
  }
  const entries = [
    ldif(suffix, { objectClass: 'domain', dc: 'example' }),
    ...['people', 'groups', 'policies', 'services', 'other'].map((ou) =>
      ldif(`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou }),
    ),
    ...Object.entries(policies).map(([cn, rules]) =>
      ldif(`cn=${cn},ou=policies,${suffix}`, { objectClass: ['device', 'pwdPolicy'], cn, ...rules }),
    ),
    ldif(app.dn, {
      objectClass: ['organizationalRole', 'simpleSecurityObject'],
      cn: 'app',
      userPassword: ssha(app.password),
    }),
    ...Object.entries(people).map(([uid, more]) => ldif(dnOf(uid), person(uid, more))),
  ]
  return entries.join('\n')
}

export function person(uid: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const given = { objectClass: 'inetOrgPerson', uid, cn: `${uid} Person`, sn: 'Person' }
  return { ...given, mail: `${uid}@example.org`, userPassword: ssha(`pw-${uid}`), ...more }
}

function ldif(dn: string, attributes: Readonly<Record<string, string | readonly string[]>>): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}\n`),
  )
  return `dn: ${dn}\n${lines.join('')}`
}

export function ssha(password: string): string {
  const salt = createHash('sha1').update(`salt of ${password}`).digest().subarray(0, 8)
  const digest = createHash('sha1').update(password).update(salt).digest()
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`
}
