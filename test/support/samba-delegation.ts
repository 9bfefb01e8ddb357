import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findProgram } from './programs.ts'
import { baseDn } from './samba-ad-ldif.ts'
import { sambaEnv } from './samba-provision.ts'

const run = promisify(execFile)

const user = 'bf967aba-0de6-11d0-a285-00aa003049e2'

/** Attributes of users that the service account writes, by the ids that access rules name them by. */
const written = {
  userAccountControl: 'bf967a68-0de6-11d0-a285-00aa003049e2',
  pwdLastSet: 'bf967a0a-0de6-11d0-a285-00aa003049e2',
  lockoutTime: '28630ebf-41d5-11d1-a9c1-0000f80367c1',
  accountExpires: 'bf967915-0de6-11d0-a285-00aa003049e2',
}
const RESET_PASSWORD = '00299570-246d-11d0-a768-00aa006e0529'

/** What the service account needs on the branch of the people, and no more: it is no administrator of anything. */
export function delegation(sid: string): string {
  const writes = Object.values(written).map((attribute) => `(OA;CIIO;RPWP;${attribute};${user};${sid})`)
  return `(OA;CIIO;CR;${RESET_PASSWORD};${user};${sid})${writes.join('')}`
}

/** Gives the rights, in the files of a controller that does not run. */
export async function delegate(dir: string, sid: string): Promise<void> {
  const { path, env } = findProgram('samba-tool')
  const args = ['dsacl', 'set', '-s', `${dir}/etc/smb.conf`, '-H', `tdb://${dir}/private/sam.ldb`]
  const rule = [`--objectdn=OU=people,${baseDn}`, `--sddl=${delegation(sid)}`]
  await run(path, [...args, ...rule], { env: sambaEnv(env) })
}

/** `S-1-5-21-...` of a SID's bytes (MS-DTYP, 2.4.2.2). */
export function sidText(sid: Buffer): string {
  const parts = Array.from({ length: sid.readUInt8(1) }, (_, index) => sid.readUInt32LE(8 + 4 * index))
  return `S-${sid.readUInt8(0)}-${sid.readUIntBE(2, 6)}-${parts.join('-')}`
}
