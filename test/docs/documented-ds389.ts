import { parse } from 'yaml'
import { z } from 'zod'
import { directorySchema, type DirectoryConfig } from '../../src/config/directory-schema.ts'
import { startDs389, type Ds389 } from '../support/ds389.ts'
import { ldapmodify, ldapsearch, type Target } from '../support/ldap-tools.ts'
import { until } from '../support/poll.ts'
import { blocksOf, fillIn } from './document-blocks.ts'

const SECTION = '389 Directory Server'

export const secrets = { service: 'a service account’s', decoy: 'nobody knows this one' } as const

/**
 * The tests' 389-DS without its service account and every right, on which everything was done that docs/directories.md says. The Account Policy plugin
 * was on already: the block for it wants a restart.
 */
export async function documentedDs389(): Promise<{ server: Ds389; config: DirectoryConfig }> {
  const server = await startDs389()
  const root = { url: server.url, dn: server.rootDn, password: server.rootPassword }
  await ldapmodify(root, bare(server.suffix))
  const here = {
    'dc=acme,dc=example': server.suffix,
    'SERVICE-PASSWORD': secrets.service,
    'DECOY-PASSWORD': secrets.decoy,
    'ldaps://ldap.acme.example': server.ldapsUrl,
    'ca.pem': server.caFile,
    '${env:LDAP_PASSWORD}': secrets.service,
  }
  for (const block of blocksOf(SECTION, 'ldif')) {
    if (!block.startsWith('# ldapmodify -x -W -H ldaps://ldap.acme.example -D "cn=Directory Manager" -f '))
      throw new Error(`the first line is not the command: ${block}`)
    await ldapmodify(root, fillIn(block, here))
  }
  await until(async () => (await taskOf(root)).includes('nsTaskExitCode: 0'), { within: 20_000, every: 50 })
  const [yaml = ''] = blocksOf(SECTION, 'yaml')
  const { directories } = z
    .object({ directories: z.tuple([directorySchema]) })
    .parse(parse(fillIn(yaml, here)))
  return { server, config: directories[0] }
}

/** What the server says of the building of indexes, during which it takes no change, and no wrong password counts. */
async function taskOf(root: Target): Promise<string> {
  return await ldapsearch(root, 'cn=index,cn=tasks,cn=config', '(nsInstance=*)', 'nsTaskExitCode')
}

function bare(suffix: string): string {
  const services = `ou=services,${suffix}`
  return `dn: cn=config
changetype: modify
replace: nsslapd-sizelimit
nsslapd-sizelimit: 50

dn: cn=config,cn=ldbm database,cn=plugins,cn=config
changetype: modify
replace: nsslapd-lookthroughlimit
nsslapd-lookthroughlimit: 50

dn: ${suffix}
changetype: modify
delete: aci

${[`cn=app,${services}`, `cn=decoy,${services}`, services].map((dn) => `dn: ${dn}\nchangetype: delete\n`).join('\n')}`
}
