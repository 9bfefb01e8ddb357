import { asRoot, ldapTool } from '../../support/ldap-tools.ts'
import type { Slapd } from '../../support/slapd.ts'

/** Changes the entry of a person behind the service's back. `change` is the middle of an LDIF record: `replace: mail\nmail: x@y`. */
export async function modify(slapd: Slapd, uid: string, change: string): Promise<void> {
  const ldif = `dn: uid=${uid},ou=people,${slapd.suffix}\nchangetype: modify\n${change}\n`
  // Relax rules: operational attributes such as pwdReset are the directory's own.
  await ldapTool('ldapmodify', asRoot(slapd), ['-e', 'relax'], ldif)
}
