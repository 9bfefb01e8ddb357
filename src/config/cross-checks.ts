import { z } from 'zod'
import { accentFault, type Scheme } from './branding/accent.ts'
import { brandingFindings } from './branding/branding-faults.ts'
import { brandingSchema } from './branding/branding-schema.ts'
import { clientFindings, clientIdFault, redirectFindings } from './client-findings.ts'
import { clientSchema } from './client-schema.ts'
import type { Finding } from './config-fault.ts'
import { directoryFindings } from './directory-findings.ts'
import { directorySchema } from './directory-schema.ts'
import { isLoopback } from './host-name.ts'
import { attributeFault, dnFault, filterFault, reachBaseFault, reachFilterFault } from './ldap-text.ts'
import { keyFault } from './secret-key.ts'
import { syncConnectionSchema } from './sync-connection-schema.ts'
import { syncFindings } from './sync-findings.ts'
import { syncSchema } from './sync-schema.ts'

/** A check of the values that a pattern names (`findAll`), made whatever is wrong elsewhere: an operator wants all faults at once. */
export type Check = { at: string; run: (value: unknown) => readonly Finding[] }

/** Values that must differ from each other, in all of the configuration or within one tenant; hosts and URLs by their host name. */
export type Unique = { among: readonly string[]; within: 'tenant' | 'configuration'; hosts?: true }

/** Names that refer to something else of the same tenant. */
export type Reference = { at: string; to: string; what: string }

export const uniques: readonly Unique[] = [
  { among: ['tenants[].name'], within: 'configuration' },
  { among: ['tenants[].issuer', 'tenants[].hosts[]'], within: 'configuration', hosts: true },
  { among: ['tenants[].directories[].name'], within: 'tenant' },
  { among: ['tenants[].roles[].name'], within: 'tenant' },
  { among: ['tenants[].clients[].id'], within: 'tenant' },
  { among: ['tenants[].sync.connections[].name'], within: 'tenant' },
  { among: ['tenants[].sync.tasks[].name'], within: 'tenant' },
  { among: ['keys[]'], within: 'configuration' },
]

export const references: readonly Reference[] = [
  { at: 'tenants[].uses.*[].directory', to: 'tenants[].directories[].name', what: 'directory' },
  {
    at: 'tenants[].directories[].passwords.*[].directory',
    to: 'tenants[].directories[].name',
    what: 'directory',
  },
  { at: 'tenants[].sync.tasks[].*.directory', to: 'tenants[].directories[].name', what: 'directory' },
  { at: 'tenants[].roles[].clients[]', to: 'tenants[].clients[].id', what: 'client' },
]

export const checks: readonly Check[] = [
  textCheck('keys[]', keyFault),
  textCheck('tenants[].issuer', issuerFault),
  textCheck('tenants[].uses.*[].base', dnFault),
  textCheck('tenants[].uses.*[].filter', filterFault),
  textCheck('tenants[].directories[].bind.dn', dnFault),
  textCheck('tenants[].directories[].defaultPolicy', dnFault),
  textCheck('tenants[].directories[].passwords.*[].base', dnFault),
  textCheck('tenants[].directories[].passwords.*[].attribute', attributeFault),
  textCheck('tenants[].directories[].passwords.alsoIn[].from', attributeFault),
  textCheck('tenants[].roles[].groups[]', dnFault),
  textCheck('tenants[].roles[].reach[].base', reachBaseFault),
  textCheck('tenants[].roles[].reach[].filter', reachFilterFault),
  textCheck('tenants[].whitePages.visibility[].population', filterFault),
  check('tenants[].directories[]', directorySchema, directoryFindings),
  textCheck('tenants[].clients[].id', clientIdFault),
  check('tenants[].clients[].redirectUris[]', z.url(), redirectFindings),
  check('tenants[].clients[].postLogoutRedirectUris[]', z.url(), redirectFindings),
  check('tenants[].clients[]', clientSchema, clientFindings),
  check('tenants[].branding', brandingSchema, brandingFindings),
  check('tenants[].branding.colour', brandingSchema.shape.colour, accentFindings('light')),
  check('tenants[].branding.colourDark', brandingSchema.shape.colourDark, accentFindings('dark')),
  check('tenants[].sync.connections[]', syncConnectionSchema, (connection) =>
    connection.kind === 'ldap' ? directoryFindings(connection) : [],
  ),
  check('tenants[].sync', syncSchema, syncFindings),
  check('tenants[].signIn', z.object({ idleLifetime: z.int(), absoluteLifetime: z.int() }), (signIn) =>
    signIn.idleLifetime > signIn.absoluteLifetime
      ? [{ path: ['idleLifetime'], expected: 'no more than `absoluteLifetime`' }]
      : [],
  ),
]

/** A value that has not even its form is not checked: what came out could be a consequence of that (a misspelt `startTls`). */
function check<T>(at: string, schema: z.ZodType<T>, findings: (value: T) => readonly Finding[]): Check {
  return {
    at,
    run: (value) => {
      const parsed = schema.safeParse(value)
      return parsed.success ? findings(parsed.data) : []
    },
  }
}

function textCheck(at: string, faultOf: (text: string) => string | undefined): Check {
  return check(at, z.string(), (text) => {
    const expected = faultOf(text)
    return expected === undefined ? [] : [{ expected }]
  })
}

function accentFindings(scheme: Scheme): (colour: string | undefined) => Finding[] {
  return (colour) => {
    const expected = colour === undefined ? undefined : accentFault(colour, scheme)
    return expected === undefined ? [] : [{ expected }]
  }
}

function issuerFault(text: string): string | undefined {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined // the schema's fault
  // Compared as text by every application, so that there is one way to write it.
  if (url.origin !== text) return `an origin, without path and slash at the end: ${url.origin}`
  const isSafe = url.protocol === 'https:' || isLoopback(url.hostname)
  return isSafe ? undefined : 'https:// (http:// is for localhost only)'
}
