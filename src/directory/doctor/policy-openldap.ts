import { isWithin, parentDn, sameDn } from '../../ldap/dn.ts'
import { first, text } from '../../ldap/entry.ts'
import { filter } from '../../ldap/filter.ts'
import { policyAttributes, policyOf } from '../openldap/policy.ts'
import type { Finding } from './finding.ts'
import { addition, asAdministrator, modification, replacement } from './fix.ts'
import { appliedDefault, isPpolicyOn } from './ppolicy-loaded.ts'
import type { Probe } from './probe.ts'
import { onDatabase, slapdPlace } from './slapd-place.ts'

/** The ppolicy overlay and the policy of those who have none of their own. */
export async function ppolicyFindings(probe: Probe): Promise<Finding[]> {
  const { rootDse, report, bases, settings } = probe
  const [used] = bases
  if (!isPpolicyOn(probe)) return [report('ppolicy-missing', {}, await overlayFix(probe))]
  const server = appliedDefault(probe)
  if (settings.defaultPolicy === undefined) {
    const suffix = text(rootDse, 'namingContexts').find(
      (one) => used !== undefined && isWithin(used.base, one),
    )
    const dn = server ?? `cn=default,ou=policies,${suffix ?? ''}`
    return [report('default-policy-unset', { dn }, `defaultPolicy: ${dn}`)]
  }
  if (server !== undefined && !sameDn(server, settings.defaultPolicy))
    return [
      report('default-policy-differs', { dn: settings.defaultPolicy, server }, `defaultPolicy: ${server}`),
    ]
  return await entryFindings(probe, settings.defaultPolicy)
}

async function overlayFix(probe: Probe): Promise<string> {
  const [used] = probe.bases
  const place = await slapdPlace(probe, used?.base ?? '')
  const dn = probe.settings.defaultPolicy ?? `cn=default,ou=policies,${place.suffix}`
  const module = modification('cn=module{0},cn=config', [
    { operation: 'add', attribute: 'olcModuleLoad', values: ['ppolicy'] },
  ])
  const overlay = addition(`olcOverlay=ppolicy,${place.dn}`, {
    objectClass: ['olcOverlayConfig', 'olcPPolicyConfig'],
    olcOverlay: 'ppolicy',
    olcPPolicyDefault: dn,
    olcPPolicyUseLockout: 'FALSE',
  })
  return onDatabase(place, module, overlay)
}

async function entryFindings(probe: Probe, dn: string): Promise<Finding[]> {
  const { connection, report } = probe
  const entry = await connection.read(dn, {
    filter: filter`(objectClass=pwdPolicy)`,
    attributes: policyAttributes,
  })
  if (entry === undefined) return [report('default-policy-missing', { dn }, await policyFix(probe, dn))]
  const found = policyOf(entry)
  const set = async (values: Readonly<Record<string, string>>) =>
    asAdministrator(probe.url, await administratorOf(probe), replacement(dn, values))
  return [
    ...(found.lockout
      ? []
      : [
          report(
            'lockout-off',
            { dn },
            await set({
              pwdLockout: 'TRUE',
              pwdMaxFailure: '10',
              pwdLockoutDuration: '900',
              pwdFailureCountInterval: '900',
            }),
          ),
        ]),
    ...(found.mustChange ? [] : [report('must-change-off', { dn }, await set({ pwdMustChange: 'TRUE' }))]),
  ]
}

async function policyFix(probe: Probe, dn: string): Promise<string> {
  const parent = parentDn(dn) ?? ''
  const policy = addition(dn, {
    objectClass: ['device', 'pwdPolicy'],
    cn: /^cn=([^,+]+)/i.exec(dn)?.[1] ?? 'default',
    pwdAttribute: 'userPassword',
    pwdCheckQuality: '1',
    pwdMinLength: '12',
    pwdLockout: 'TRUE',
    pwdMaxFailure: '10',
    pwdLockoutDuration: '900',
    pwdFailureCountInterval: '900',
    pwdMustChange: 'TRUE',
  })
  const command = asAdministrator(probe.url, await administratorOf(probe), policy)
  return (await probe.connection.read(parent, { attributes: ['1.1'] })) === undefined
    ? `# ${parent}\n${command}`
    : command
}

/** As whom entries beyond the service account's reach are changed: the administrator, as the product usually names it where that is not seen. */
export async function administratorOf(probe: Probe): Promise<string> {
  if (probe.settings.kind === 'ds389') return 'cn=Directory Manager'
  const known = probe.config && first(probe.config.database.entry, 'olcRootDN')
  if (known !== undefined) return known
  const { suffix } = await slapdPlace(probe, probe.bases[0]?.base ?? '')
  return `cn=admin,${suffix}`
}
