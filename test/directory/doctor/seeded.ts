import type { TenantConfig } from '../../../src/config/tenant-schema.ts'
import type { FindingCode } from '../../../src/directory/doctor/finding.ts'
import { asRoot, ldapmodify } from '../../support/ldap-tools.ts'
import type { Slapd, SlapdOptions } from '../../support/slapd.ts'

/** One fault, seeded on a right set-up. */
export type Seeded = {
  fault: string
  finds: FindingCode
  /** What is found beside it, because it follows from it. */
  also?: readonly FindingCode[]
  start?: SlapdOptions
  /** Breaks one thing of the running server. */
  seed?: (slapd: Slapd) => Promise<unknown>
  /** Or of how the service uses it. */
  tenant?: (slapd: Slapd) => TenantConfig
  clock?: () => Date
  /** What the finding proposes is done, and the fault is gone. */
  isMended?: true
}

export const suffix = 'dc=example,dc=org'
export const people = `ou=people,${suffix}`
export const app = `cn=app,ou=services,${suffix}`
export const database = 'olcDatabase={2}mdb,cn=config'
export const overlay = (number: number, name: string) => `olcOverlay={${number}}${name},${database}`

export const root = (slapd: Slapd, ldif: string) => ldapmodify(asRoot(slapd), ldif)
export const first = (rule: string) =>
  `dn: ${database}\nchangetype: modify\nadd: olcAccess\nolcAccess: {0}${rule}\n`
export const modified = (dn: string, lines: string) => `dn: ${dn}\nchangetype: modify\n${lines}\n`
export const day = 86_400_000

export const branch = (base: string) => ({ directory: 'main', base })
