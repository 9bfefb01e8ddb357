import { parentDn } from '../../ldap/dn.ts'
import type { Entry } from '../../ldap/entry.ts'
import { lockFindings } from './decoy-lock.ts'
import type { Finding } from './finding.ts'
import { addition, asAdministrator, modification, quoted } from './fix.ts'
import { administratorOf } from './policy-openldap.ts'
import type { Check, Probe } from './probe.ts'
import { accessFix } from './rights-openldap.ts'
import { isHiddenFrom } from './sight.ts'
import { schemesOf } from './stored-passwords.ts'

/** Whether a login that nobody has costs what a wrong password costs: by an entry with a password that nobody knows, hashed as those of people. */
export const decoy: Check = {
  name: 'decoy',
  async run(probe) {
    const { settings, connection, report, bases } = probe
    if (!bases.some(({ use }) => use === 'signIn')) return []
    const dn = settings.decoy
    if (dn === undefined) return [report('decoy-unset', {}, await makeDecoy(probe, proposed(probe)))]
    const entry = await connection.read(dn, { attributes: ['userPassword', 'pwdPolicySubentry'] })
    if (entry === undefined) return [report('decoy-missing', { dn }, await makeDecoy(probe, dn))]
    if (settings.kind === 'active-directory') return []
    return [...(await hashFindings(probe, entry)), ...(await lockFindings(probe, entry))]
  },
}

/** Beside the service account: not where people are. */
function proposed({ account }: Probe): string {
  return `cn=decoy,${parentDn(account) ?? account}`
}

async function makeDecoy(probe: Probe, dn: string): Promise<string> {
  const { settings, url } = probe
  const setting =
    settings.decoy === undefined ? `\n\n# directories[].decoy\ndecoy: ${JSON.stringify(dn)}` : ''
  if (settings.kind === 'active-directory') {
    const password = '(ConvertTo-SecureString ([guid]::NewGuid().Guid) -AsPlainText -Force)'
    return `New-ADUser -Name decoy -SamAccountName decoy -Path "${parentDn(dn) ?? ''}" -Enabled $true -AccountPassword ${password}${setting}`
  }
  const administrator = await administratorOf(probe)
  const entry = addition(dn, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: /^cn=([^,+]+)/i.exec(dn)?.[1] ?? 'decoy',
    userPassword: '{SSHA}none',
  })
  return `${asAdministrator(url, administrator, entry)}\n${newPassword(url, administrator, dn)}${setting}`
}

/** The server makes one up and hashes it as it hashes those of people; what is printed is to be thrown away. */
function newPassword(url: string, administrator: string, dn: string): string {
  return `ldappasswd -x -H ${quoted(url)} -D ${quoted(administrator)} -W ${quoted(dn)} >/dev/null`
}

async function hashFindings(probe: Probe, entry: Entry): Promise<Finding[]> {
  const { samples, report, url } = probe
  const people = samples.flatMap(({ base, people: some }) => (base.use === 'signIn' ? some : []))
  const usual = mostCommon(people.flatMap(schemesOf))
  // What the service account does not see of anybody it does not see here.
  if (usual === undefined) return []
  const fix = newPassword(url, await administratorOf(probe), entry.dn)
  const [scheme] = schemesOf(entry)
  if (scheme === undefined) {
    const isHidden = await isHiddenFrom(probe, entry.dn)
    return isHidden
      ? [report('decoy-hash-unseen', { dn: entry.dn, people: usual }, await showFix(probe, entry.dn))]
      : [report('decoy-without-password', { dn: entry.dn }, fix)]
  }
  return scheme === usual ? [] : [report('decoy-hash-differs', { dn: entry.dn, scheme, people: usual }, fix)]
}

/** Nobody knows the decoy's password, so its hash is no secret. */
async function showFix(probe: Probe, dn: string): Promise<string> {
  const { account, settings, url } = probe
  if (settings.kind === 'openldap')
    return await accessFix(probe, dn, `attrs=userPassword by dn.exact="${account}" read by * break`)
  const aci = `(targetattr="userPassword")(version 3.0; acl "idaas reads the decoy"; allow (read,search,compare) userdn="ldap:///${account}";)`
  const rule = modification(dn, [{ operation: 'add', attribute: 'aci', values: [aci] }])
  return asAdministrator(url, 'cn=Directory Manager', rule)
}

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted(([, left], [, right]) => right - left)[0]?.[0]
}
