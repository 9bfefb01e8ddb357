import { text } from '../../ldap/entry.ts'
import { resultCode } from '../../ldap/result-code.ts'
import { LdapError } from '../../ldap/result.ts'
import type { Finding } from './finding.ts'
import type { Probe } from './probe.ts'
import { writtenSamples } from './written-samples.ts'

const written = ['userAccountControl', 'pwdLastSet', 'lockoutTime', 'accountExpires']

/** Active Directory tells which attributes of an entry the asking account may write. To reset a password is a right of its own. */
export async function activeDirectoryRights(probe: Probe): Promise<Finding[]> {
  return (await Promise.all(writtenSamples(probe).map((sample) => judge(probe, sample)))).flat()
}

async function judge(
  { connection, account, report }: Probe,
  { base: { base }, person }: ReturnType<typeof writtenSamples>[number],
): Promise<Finding[]> {
  const entry = await connection.read(person.dn, { attributes: ['allowedAttributesEffective'] })
  const may = new Set((entry === undefined ? [] : text(entry, 'allowedAttributesEffective')).map(lowerCase))
  const refused = written.filter((name) => !may.has(name.toLowerCase()))
  if (await isResetRefused(connection, person.dn)) refused.push('unicodePwd')
  if (refused.length === 0) return []
  const fix = refused.map((attribute) => `dsacls "${base}" /I:S /G "${account}:${grantOf(attribute)};user"`)
  return [report('write-refused', { dn: person.dn, attributes: refused.join(', ') }, fix.join('\n'))]
}

const lowerCase = (name: string) => name.toLowerCase()

function grantOf(attribute: string): string {
  return attribute === 'unicodePwd' ? 'CA;Reset Password' : `RPWP;${attribute}`
}

/** By a value that can be nobody's password, because it is not quoted (MS-ADTS, 3.1.1.3.1.5.1): it is refused, for want of the right or for its form. */
async function isResetRefused(connection: Probe['connection'], dn: string): Promise<boolean> {
  const notQuoted = Buffer.from('x', 'utf16le')
  try {
    await connection.modify(dn, [{ operation: 'replace', attribute: 'unicodePwd', values: [notQuoted] }])
    return false
  } catch (error) {
    if (error instanceof LdapError) return error.code === resultCode.insufficientAccessRights
    throw error
  }
}
