import { configSchema, type Config } from '../config/schema.ts'
import { demoSync } from './demo-sync.ts'

/** What a demo runs on; the rest of its configuration is always the same. */
export type DemoPlace = {
  port: number
  ldapPort: number
  dataDir: string
  database: string
  keys: readonly string[]
}

const suffix = 'dc=acme,dc=example'
const group = (name: string) => `cn=${name},ou=groups,${suffix}`

export const demoServiceAccount = `cn=idaas,ou=services,${suffix}`

/**
 * The tenant `acme`: a small company on the embedded directory. Everything in it is public, passwords
 * included, which is why it listens on loopback only.
 */
export function demoConfig({ port, ldapPort, dataDir, database, keys }: DemoPlace): Config {
  const issuer = `http://localhost:${port}`
  const people = { directory: 'main', base: `ou=people,${suffix}` }
  return configSchema.parse({
    version: 1,
    server: { host: '127.0.0.1', port, logLevel: 'warn' },
    database,
    ephemeral: { kind: 'memory' },
    keys,
    mail: { from: 'ACME <no-reply@acme.example>' },
    tenants: [
      {
        name: 'acme',
        issuer,
        hosts: ['127.0.0.1', '[::1]'],
        displayName: 'ACME',
        locale: 'en',
        directories: [
          {
            name: 'main',
            kind: 'openldap',
            urls: [`ldap://127.0.0.1:${ldapPort}`],
            bind: { dn: demoServiceAccount, password: 'demo-service-account' },
            attributes: { department: ['ou'] },
            defaultPolicy: `cn=default,ou=policies,${suffix}`,
          },
        ],
        uses: {
          signIn: [people],
          whitePages: [people],
          desk: [people],
          groups: [{ directory: 'main', base: `ou=groups,${suffix}` }],
        },
        whitePages: { access: 'public', visibility: [{ audience: ['public'], hide: ['groups'] }] },
        roles,
        passwordPolicy: { profile: 'nist' },
        clients: clientsOf(issuer),
        sync: demoSync(dataDir),
      },
    ],
  })
}

const acts = ['reset', 'require-change', 'unlock', 'lock', 'disable', 'enable', 'validity', 'rename']
const account = ['read', ...acts].map((act) => `account.${act}`)

const roles = [
  {
    name: 'agent',
    groups: [group('service-desk')],
    clients: ['demo-cli'],
    permissions: account,
    rank: 10,
  },
  {
    name: 'administrator',
    groups: [group('administrators')],
    permissions: [...account, 'audit.read', 'directory.check', 'sync.read', 'sync.run'],
    rank: 50,
  },
]

function clientsOf(issuer: string) {
  return [
    {
      id: 'demo-cli',
      name: 'Command line of the demo',
      secret: 'demo-secret',
      grants: ['client_credentials'],
      scopes: [],
      apiScopes: ['people.read', 'groups.read', 'accounts.read', 'accounts.manage', 'audit.read'],
    },
    {
      id: 'demo-app',
      name: 'Sample application',
      secret: 'demo-app-secret',
      redirectUris: [`${issuer}/demo/app/signed-in`],
      postLogoutRedirectUris: [`${issuer}/demo/app`],
      grants: ['authorization_code', 'refresh_token'],
      scopes: ['openid', 'profile', 'email', 'groups'],
      home: `${issuer}/demo/app`,
    },
  ]
}
