import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findProgram } from './programs.ts'

const run = promisify(execFile)

type Tool =
  | 'ldapsearch'
  | 'ldapmodify'
  | 'ldapmodrdn'
  | 'ldapdelete'
  | 'ldapcompare'
  | 'ldappasswd'
  | 'ldapwhoami'

/** Where a tool goes and as whom; without `dn` it binds anonymously. */
export interface Target {
  url: string
  /** As the user of this process (SASL EXTERNAL, `ldapi://` only). */
  external?: boolean
  dn?: string
  password?: string
  /** PEM file of the authority to trust. */
  caFile?: string
}

/**
 * Runs one of OpenLDAP's tools, as a peer that is not our code, and returns what it prints. `input` goes to its standard
 * input. Throws, with what it says in the message, when its exit code is not 0.
 */
export async function ldapTool(tool: Tool, target: Target, args: string[], input = ''): Promise<string> {
  const { path, env } = findProgram(tool)
  const simple = target.dn === undefined ? ['-x'] : ['-x', '-D', target.dn, '-w', target.password ?? '']
  const bind = target.external === true ? ['-Q', '-Y', 'EXTERNAL'] : simple
  const trust = target.caFile === undefined ? {} : { LDAPTLS_CACERT: target.caFile }
  const options = { env: { ...env, ...trust }, maxBuffer: 2 ** 28 }
  const running = run(path, ['-H', target.url, ...bind, ...args], options)
  // It may end before it has read its input.
  running.child.stdin?.on('error', () => {}).end(input)
  try {
    return (await running).stdout
  } catch (error) {
    throw new Error(`${tool}: ${said(error)}`, { cause: error })
  }
}

/** ldappasswd tells its failures on standard output. */
function said(error: unknown): string {
  if (!(error instanceof Error && 'stdout' in error && 'stderr' in error)) return String(error)
  return `${String(error.stderr)}${String(error.stdout)}`
}

/** The directory's own administrator, for what a test sets up or looks at behind the service's back. */
export function asRoot(slapd: { url: string; rootDn: string; rootPassword: string }): Target {
  return { url: slapd.url, dn: slapd.rootDn, password: slapd.rootPassword }
}

export function asApp({
  url,
  appDn,
  appPassword,
}: {
  url: string
  appDn: string
  appPassword: string
}): Target {
  return { url, dn: appDn, password: appPassword }
}

/** Searches below `base` and returns LDIF without comments and folded lines. `attributes` default to all user attributes. */
export async function ldapsearch(
  target: Target,
  base: string,
  filter: string,
  ...attributes: string[]
): Promise<string> {
  return await ldapTool('ldapsearch', target, [
    '-LLL',
    '-o',
    'ldif-wrap=no',
    '-b',
    base,
    filter,
    ...attributes,
  ])
}

/** Applies LDIF changes (`changetype: modify`, ...). */
export async function ldapmodify(target: Target, ldif: string): Promise<void> {
  await ldapTool('ldapmodify', target, [], ldif)
}
