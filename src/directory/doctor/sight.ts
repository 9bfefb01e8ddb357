import { bytes } from '../../ldap/entry.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Finding } from './finding.ts'
import { asAdministrator, modification } from './fix.ts'
import type { Check, Probe } from './probe.ts'
import { readFix } from './rights-openldap.ts'
import { writtenSamples } from './written-samples.ts'

const INSUFFICIENT_ACCESS = 50
const LONG_AGO = '19000101000000Z'

/** What an account's state is computed from, and a value to compare with. */
const stateOf = {
  openldap: {
    pwdAccountLockedTime: LONG_AGO,
    pwdReset: 'TRUE',
    pwdStartTime: LONG_AGO,
    pwdEndTime: LONG_AGO,
    pwdChangedTime: LONG_AGO,
    pwdFailureTime: LONG_AGO,
    pwdGraceUseTime: LONG_AGO,
    pwdLastSuccess: LONG_AGO,
    pwdPolicySubentry: '',
  },
  ds389: {
    nsAccountLock: 'true',
    passwordRetryCount: '0',
    accountUnlockTime: LONG_AGO,
    passwordExpirationTime: LONG_AGO,
    pwdUpdateTime: LONG_AGO,
    lastLoginTime: LONG_AGO,
  },
} as const

/**
 * Whether the service account sees what tells an account's state. An attribute that is not shown is not in the answer, as one that the entry lacks;
 * a compare tells the two apart: 50 to who may not, 16 where there is none. (Active Directory shows people's state to every account.)
 */
export const sight: Check = {
  name: 'sight',
  async run(probe) {
    const { kind } = probe.settings
    if (kind === 'active-directory') return []
    const findings = writtenSamples(probe).map((sample) => look(probe, stateOf[kind], sample))
    return (await Promise.all(findings)).flat()
  },
}

async function look(
  probe: Probe,
  attributes: Readonly<Record<string, string>>,
  { base: { base }, person }: ReturnType<typeof writtenSamples>[number],
): Promise<Finding[]> {
  const { connection, report } = probe
  const isHidden = async (attribute: string, value: string) => {
    try {
      await connection.compare(person.dn, attribute, value)
      return false
    } catch (error) {
      if (error instanceof LdapError) return error.code === INSUFFICIENT_ACCESS
      throw error
    }
  }
  const judged = await Promise.all(
    Object.entries(attributes).map(async ([name, value]) => ((await isHidden(name, value)) ? [name] : [])),
  )
  const hidden = judged.flat()
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
    if (error instanceof LdapError) return error.code === INSUFFICIENT_ACCESS
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
