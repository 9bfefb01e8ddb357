import { assertion, ASSERTION } from '../../ldap/controls/assertion.ts'
import { noOperation, relax } from '../../ldap/controls/try-out.ts'
import type { Control } from '../../ldap/control.ts'
import { first, text, type Entry } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import { sameDn } from '../../ldap/dn.ts'
import { policyAttributes, policyOf } from '../openldap/policy.ts'
import type { Finding } from './finding.ts'
import { onDatabase, slapdPlace } from './slapd-place.ts'
import { modification } from './fix.ts'
import { appliedDefault, isPpolicyOn } from './ppolicy-loaded.ts'
import type { Probe } from './probe.ts'
import { writtenSamples } from './written-samples.ts'

const LONG_AGO = '19000101000000Z'

/** What the acts write, and a value that no entry has. */
const written: readonly (readonly [attribute: string, absentValue: string])[] = [
  ['userPassword', '{IDAAS-CHECK}no password has this scheme'],
  ['pwdAccountLockedTime', LONG_AGO],
  ['pwdReset', 'FALSE'],
  ['pwdStartTime', LONG_AGO],
  ['pwdEndTime', LONG_AGO],
]

/** The answers that tell whether the account may write. */
const telling: ReadonlySet<number> = new Set([
  resultCode.insufficientAccessRights,
  resultCode.noSuchAttribute,
  resultCode.undefinedAttributeType,
])

/**
 * slapd tells nobody's rights, so they are tried: to delete a value that is not there is refused with 50 by who may not write, and with 16 by who
 * may. Nothing is there to be deleted, and the no-op control would undo it. (A false assertion, RFC 4528, would not do: slapd looks at it before
 * the rights.)
 */
export async function openLdapRights(probe: Probe): Promise<Finding[]> {
  const { rootDse, report, account } = probe
  // Of a server that is only taken for one, it is not known whether it heeds what must not be ignored.
  if (!text(rootDse, 'objectClass').includes('OpenLDAProotDSE'))
    return [report('rights-unseen', { dn: account })]
  return (await Promise.all(writtenSamples(probe).map((sample) => judge(probe, sample)))).flat()
}

async function judge(
  probe: Probe,
  { base: { base }, person }: ReturnType<typeof writtenSamples>[number],
): Promise<Finding[]> {
  const { report, account, connection } = probe
  const codes = await Promise.all(
    written.map(async ([attribute, value]) => {
      const absent = first(person, attribute) === value ? 'TRUE' : value
      return { attribute, code: await tryDelete(connection, person.dn, attribute, absent) }
    }),
  )
  const refused = codes
    .filter(({ code }) => code === resultCode.insufficientAccessRights)
    .map(({ attribute }) => attribute)
  const isUnseen = codes.some(({ code }) => !telling.has(code))
  const manages = await hasManage(probe, person)
  const passed = manages ? undefined : await policyPassed(probe, person)
  const fix = async (attributes: readonly string[] = []) => {
    const some = attributes.length === 0 ? '' : `attrs=${attributes.join(',')} `
    return await accessFix(probe, base, `${some}by dn.exact="${account}" write by * break`)
  }
  return [
    ...(refused.length > 0
      ? [report('write-refused', { dn: person.dn, attributes: refused.join(', ') }, await fix(refused))]
      : []),
    ...(manages ? [report('rights-manage', { dn: account, base }, await fix())] : []),
    ...(passed === undefined
      ? []
      : [report('policy-passed', { dn: passed, person: person.dn }, await fix(['userPassword']))]),
    ...(isUnseen ? [report('rights-unseen', { dn: person.dn })] : []),
  ]
}

async function tryDelete(
  connection: Probe['connection'],
  dn: string,
  attribute: string,
  value: string,
  ...more: readonly Control[]
): Promise<number> {
  const changes = [{ operation: 'delete', attribute, values: [value] }] as const
  return await codeOf(() => connection.modify(dn, changes, { controls: [noOperation(), ...more] }))
}

async function codeOf(operation: () => Promise<{ code: number }>): Promise<number> {
  try {
    return (await operation()).code
  } catch (error) {
    if (error instanceof LdapError) return error.code
    throw error
  }
}

/** `manage` on everything, or the rootdn: who has it may write what only the server writes. */
async function hasManage({ connection }: Probe, person: Entry): Promise<boolean> {
  const code = await tryDelete(connection, person.dn, 'pwdFailureTime', LONG_AGO, relax())
  return code === resultCode.noSuchAttribute
}

/**
 * The policy that lets a password of one character pass though it wants more: for who has `manage` on passwords, or because it is not the one that
 * applies. The policy speaks before a false assertion does, and behind a false assertion nothing is ever written.
 */
async function policyPassed(probe: Probe, person: Entry): Promise<string | undefined> {
  const { connection, rootDse, settings } = probe
  const own = first(person, 'pwdPolicySubentry')
  // Another default policy, or none, is found for itself.
  if (own === undefined && !isDefaultApplied(probe)) return undefined
  const dn = own ?? settings.defaultPolicy
  const entry = dn === undefined ? undefined : await connection.read(dn, { attributes: policyAttributes })
  const policy = entry && policyOf(entry)
  const isStrict = policy !== undefined && policy.checkQuality && policy.minLength > 1
  if (!isStrict || !text(rootDse, 'supportedControl').includes(ASSERTION)) return undefined
  const controls = [assertion(filter`(!(objectClass=*))`), noOperation()]
  const changes = [{ operation: 'replace', attribute: 'userPassword', values: ['x'] }] as const
  const code = await codeOf(() => connection.modify(person.dn, changes, { controls }))
  return code === resultCode.assertionFailed ? dn : undefined
}

/** As far as can be seen. */
function isDefaultApplied(probe: Probe): boolean {
  if (!isPpolicyOn(probe)) return false
  const applied = appliedDefault(probe)
  const { defaultPolicy } = probe.settings
  return applied === undefined || (defaultPolicy !== undefined && sameDn(applied, defaultPolicy))
}

/** `write` for what the acts write, which includes reading, and `read` for all else. */
export async function readFix(probe: Probe, base: string, attributes: readonly string[]): Promise<string> {
  const isWritten = (name: string) => written.some(([attribute]) => attribute === name)
  const rules = [
    { right: 'write', names: attributes.filter(isWritten) },
    { right: 'read', names: attributes.filter((name) => !isWritten(name)) },
  ]
  const needed = rules.filter(({ names }) => names.length > 0)
  return await accessFix(
    probe,
    base,
    ...needed.map(
      ({ right, names }) => `attrs=${names.join(',')} by dn.exact="${probe.account}" ${right} by * break`,
    ),
  )
}

/** Rules before all others; for everybody else those go on to decide. */
export async function accessFix(probe: Probe, base: string, ...rules: readonly string[]): Promise<string> {
  const place = await slapdPlace(probe, base)
  const values = rules.map((rule, index) => `{${index}}to dn.subtree="${base}" ${rule}`)
  return onDatabase(place, modification(place.dn, [{ operation: 'add', attribute: 'olcAccess', values }]))
}
