import type { Operations } from '../ldap/operations.ts'
import type { Directory } from './directory.ts'
import { orUnavailable } from './unavailable.ts'

/**
 * The NT hash beside the password, for what cannot bind: eduroam by MSCHAPv2, Samba 3. Whoever reads it can sign in there, so
 * it is the directory's access rules that guard it, as they do userPassword.
 */
export function ntHashing(pool: Operations): Pick<Directory, 'writeNtHash'> {
  return {
    writeNtHash: (dn, password, now) =>
      orUnavailable(async () => {
        const seconds = String(Math.floor(now.getTime() / 1000))
        await pool.modify(dn, [
          { operation: 'replace', attribute: 'sambaNTPassword', values: [await ntHash(password.reveal())] },
          { operation: 'replace', attribute: 'sambaPwdLastSet', values: [seconds] },
        ])
      }),
  }
}

/** MD4 of the password in UTF-16LE (MS-NLMP, NTOWFv1), upper hex as Samba writes it. OpenSSL 3 has no MD4 any more. */
export async function ntHash(text: string): Promise<string> {
  const { md4 } = await import('hash-wasm') // only where a directory has such hashes
  return (await md4(Buffer.from(text, 'utf16le'))).toUpperCase()
}
