import { afterAll, beforeAll } from 'vitest'
import type { DirectoryConfig } from '../../src/config/directory-schema.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import type { Slapd, SlapdOptions } from '../support/slapd.ts'
import type { TestPerson } from './directory-server.ts'
import { slapdServer, type SlapdServer } from './slapd-server.ts'
import { suiteOver, type Suite } from './suite/suite.ts'

/** A slapd for a test file of what only OpenLDAP has: it records no sign-ins, and each test gives policies of its own. */
export function useOpenLdap(options: SlapdOptions = {}) {
  let server: SlapdServer
  let suite: Suite
  const opened: Directory[] = []
  beforeAll(async () => {
    server = await slapdServer({ databaseLines: '', ...options })
    suite = suiteOver(server)
  })
  afterAll(async () => {
    for (const directory of [suite.directory, ...opened]) await directory.close()
    await server.stop()
  })
  const slapd = (): Slapd => server.slapd
  const apply = (ldif: string) => ldapmodify(asRoot(slapd()), ldif)
  const modify = (person: TestPerson, lines: string) =>
    apply(`dn: ${person.dn}\nchangetype: modify\n${lines}\n`)
  return {
    slapd,
    suite: () => suite,
    apply,
    modify,
    /** The same directory with other settings. */
    open(changes: Partial<DirectoryConfig>): Directory {
      const directory = openDirectory({ ...server.config, ...changes }, 'openldap')
      opened.push(directory)
      return directory
    },
    /** Puts the person under a policy that has nothing but these lines. */
    async underPolicy(person: TestPerson, lines: string, branch = `ou=policies,${slapd().suffix}`) {
      const policy = `cn=${person.login},${branch}`
      await apply(
        `dn: ${policy}\nchangetype: add\nobjectClass: device\nobjectClass: pwdPolicy\ncn: ${person.login}\npwdAttribute: userPassword\n${lines}\n`,
      )
      await modify(person, `replace: pwdPolicySubentry\npwdPolicySubentry: ${policy}`)
    },
  }
}

/** Logins of the people that a test slapd has beside those whom tests know by name. */
export const uidOf = (index: number): string => `u${String(index).padStart(6, '0')}`
