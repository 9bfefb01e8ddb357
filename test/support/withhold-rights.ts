import { ldapmodify, type Target } from './ldap-tools.ts'
import type { Slapd } from './slapd.ts'

/** From now on the service account may only read these attributes of the entry (`*`: of every entry). */
export async function withholdRights(slapd: Slapd, dn: string, attributes: readonly string[]): Promise<void> {
  const what = dn === '*' ? '' : `dn.exact="${dn}" `
  const rule = `to ${what}attrs=${attributes.join(',')} by dn.exact="${slapd.appDn}" read by self write by * none`
  await ldapmodify(configOf(slapd), `${database}add: olcAccess\nolcAccess: {0}${rule}\n`)
}

/** Takes back the last `withholdRights`. */
export async function grantAgain(slapd: Slapd): Promise<void> {
  await ldapmodify(configOf(slapd), `${database}delete: olcAccess\nolcAccess: {0}\n`)
}

const database = 'dn: olcDatabase={2}mdb,cn=config\nchangetype: modify\n'

function configOf({ url, rootPassword }: Slapd): Target {
  return { url, dn: 'cn=config', password: rootPassword }
}
