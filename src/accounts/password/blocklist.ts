import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { normalizePassword } from '../../directory/accepted-password.ts'

/** Passwords that attackers try first. The whole password is compared, without case (NIST SP 800-63B-4, 3.1.1.2). */
export type Blocklist = { has(password: string): Promise<boolean> }

/** The built-in list (49,000 common passwords) and the files of the configuration, one password a line. Throws when a file cannot be read. */
export async function loadBlocklist(files: readonly string[]): Promise<Blocklist> {
  const refused = new Set<string>()
  for (const file of files) {
    for await (const line of createInterface(createReadStream(file, 'utf8'))) {
      if (line !== '') refused.add(comparable(line))
    }
  }
  return {
    has: async (password) => refused.has(comparable(password)) || (await common()).has(comparable(password)),
  }
}

let kept: Promise<ReadonlySet<string>> | undefined

/** One for all tenants, read when the first password is looked up: most replicas' days bring none, and it is several MiB. */
function common(): Promise<ReadonlySet<string>> {
  kept ??= readCommon()
  return kept
}

async function readCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Set(dictionary['passwords-common'].map(comparable))
}

function comparable(password: string): string {
  return normalizePassword(password).toLowerCase()
}
