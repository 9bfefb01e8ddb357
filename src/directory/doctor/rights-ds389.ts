import { EFFECTIVE_RIGHTS, effectiveRights } from '../../ldap/controls/effective-rights.ts'
import { first, text, type Entry } from '../../ldap/entry.ts'
import type { Finding } from './finding.ts'
import { asAdministrator, modification } from './fix.ts'
import type { Probe } from './probe.ts'
import { writtenSamples } from './written-samples.ts'

const written = [
  'userPassword',
  'nsAccountLock',
  'passwordRetryCount',
  'retryCountResetTime',
  'accountUnlockTime',
  'passwordExpirationTime',
]

/** Who may write whatever access rules say. */
const DIRECTORY_MANAGER = 'cn=directory manager'

/** 389-DS tells what an account may do (Get Effective Rights). */
export async function ds389Rights(probe: Probe): Promise<Finding[]> {
  const { account, report, rootDse } = probe
  if (account.toLowerCase() === DIRECTORY_MANAGER)
    return [report('rights-manage', { dn: account, base: text(rootDse, 'namingContexts').join(', ') })]
  if (!text(rootDse, 'supportedControl').includes(EFFECTIVE_RIGHTS))
    return [report('rights-unseen', { dn: account })]
  return (await Promise.all(writtenSamples(probe).map((sample) => judge(probe, sample)))).flat()
}

async function judge(
  { connection, account, report, url }: Probe,
  { base: { base }, person }: ReturnType<typeof writtenSamples>[number],
): Promise<Finding[]> {
  const { entries } = await connection.searchAll({
    base: person.dn,
    scope: 'base',
    attributes: written,
    controls: [effectiveRights(account)],
  })
  const [entry] = entries
  const may = entry && rightsOf(entry)
  if (may === undefined) return [report('rights-unseen', { dn: person.dn })]
  const refused = written.filter((name) => !(may.get(name.toLowerCase()) ?? '').includes('w'))
  if (refused.length === 0) return []
  const aci = `(targetattr="${refused.join(' || ')}")(version 3.0; acl "idaas writes"; allow (write) userdn="ldap:///${account}";)`
  const rule = modification(base, [{ operation: 'add', attribute: 'aci', values: [aci] }])
  const fix = asAdministrator(url, 'cn=Directory Manager', rule)
  return [report('write-refused', { dn: person.dn, attributes: refused.join(', ') }, fix)]
}

/** `userPassword:rscwo, nsAccountLock:rsc` */
function rightsOf(entry: Entry): Map<string, string> | undefined {
  const said = first(entry, 'attributeLevelRights')
  if (said === undefined) return undefined
  return new Map(
    said.split(', ').map((part) => {
      const [name = '', letters = ''] = part.split(':')
      return [name.toLowerCase(), letters]
    }),
  )
}
