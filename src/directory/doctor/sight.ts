import { bytes } from '../../ldap/entry.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import { hiddenAttributes, stateTold } from '../hidden-state.ts'
import type { Finding } from './finding.ts'
import { asAdministrator, modification } from './fix.ts'
import type { Check, Probe } from './probe.ts'
import { readFix } from './rights-openldap.ts'
import { writtenSamples } from './written-samples.ts'

/** Whether the service account sees what tells an account's state. */
export const sight: Check = {
  name: 'sight',
  async run(probe) {
    const { kind } = probe.settings
    if (kind === 'active-directory') return []
    const findings = writtenSamples(probe).map((sample) => look(probe, stateTold[kind], sample))
    return (await Promise.all(findings)).flat()
  },
}

async function look(
  probe: Probe,
  attributes: Readonly<Record<string, string>>,
  { base: { base }, person }: ReturnType<typeof writtenSamples>[number],
): Promise<Finding[]> {
  const { connection, report } = probe
  const hidden = await hiddenAttributes(connection, person.dn, attributes)
  const seesPassword = bytes(person, 'userPassword').length > 0 || !(await isHiddenFrom(probe, person.dn))
  return [
    ...(seesPassword
      ? []
      : [report('password-unreadable', { base }, await showFix(probe, base, ['userPassword']))]),
    ...(hidden.length > 0
      ? [
          report(
            'state-unreadable',
            { base, attributes: hidden.join(', ') },
            await showFix(probe, base, hidden),
          ),
        ]
      : []),
  ]
}

/** Whether the entry has a password that was not in the answer: it may only be compared, or not even that. */
export async function isHiddenFrom({ connection }: Pick<Probe, 'connection'>, dn: string): Promise<boolean> {
  try {
    await connection.compare(dn, 'userPassword', 'x')
    return true
  } catch (error) {
    if (error instanceof LdapError) return error.code === resultCode.insufficientAccessRights
    throw error
  }
}

async function showFix(probe: Probe, base: string, attributes: readonly string[]): Promise<string> {
  const { account, url } = probe
  if (probe.settings.kind === 'openldap') return await readFix(probe, base, attributes)
  const aci = `(targetattr="${attributes.join(' || ')}")(version 3.0; acl "idaas reads"; allow (read,search,compare) userdn="ldap:///${account}";)`
  const rule = modification(base, [{ operation: 'add', attribute: 'aci', values: [aci] }])
  return asAdministrator(url, 'cn=Directory Manager', rule)
}
