import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { directorySchema, type DirectoryConfig } from '../../src/config/directory-schema.ts'
import { toDn, type Dn } from '../../src/ldap/dn.ts'
import { asRoot, ldapmodify } from '../support/ldap-tools.ts'
import { entry } from '../support/ldif-entry.ts'
import { ssha } from '../support/password-hashes.ts'
import { startSlapd, type Slapd } from '../support/slapd.ts'
import { blocksOf, fillIn } from './document-blocks.ts'

export const suffix = 'dc=acme,dc=example'
export const secrets = { service: 'the service account’s', decoy: 'nobody knows this one' } as const
/** More than slapd gives to whom nobody has given more. */
export const peopleCount = 620

export const personDn = (index: number): Dn => toDn(`uid=p${index},ou=people,${suffix}`)
export const passwordOf = (index: number): string => `first-password-${index}`

/** A slapd as Debian's package leaves it, with people, on which everything was done that docs/directories.md says. */
export async function documentedSlapd(
  version: '2.5' | '2.6',
): Promise<{ slapd: Slapd; config: DirectoryConfig }> {
  const slapd = await startBare(version)
  for (const block of blocksOf('OpenLDAP', 'ldif')) await apply(slapd, block)
  const [yaml = ''] = blocksOf('OpenLDAP', 'yaml')
  const here = fillIn(yaml, {
    'ldap://ldap.acme.example': slapd.url,
    'ca.pem': join(slapd.dir, 'tls/ca.pem'),
    '${env:LDAP_PASSWORD}': secrets.service,
  })
  const { directories } = z.object({ directories: z.tuple([directorySchema]) }).parse(parse(here))
  return { slapd, config: directories[0] }
}

async function startBare(version: '2.5' | '2.6'): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'seed-'))
  try {
    const ldif = join(folder, 'people.ldif')
    await writeFile(ldif, [...people()].join(''))
    return await startSlapd({ bare: true, suffix, version, seed: { ldif } })
  } finally {
    await rm(folder, { recursive: true })
  }
}

function* people(): Generator<string> {
  yield entry(suffix, { objectClass: ['dcObject', 'organization'], dc: 'acme', o: 'Acme' })
  for (const ou of ['people', 'groups'])
    yield entry(`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou })
  for (let index = 1; index <= peopleCount; index++) {
    yield entry(personDn(index), {
      objectClass: 'inetOrgPerson',
      uid: `p${index}`,
      cn: `Person ${index}`,
      sn: `Person ${index}`,
      mail: `p${index}@acme.example`,
      manager: index === 1 ? undefined : personDn(1),
      userPassword: ssha(passwordOf(index)),
    })
  }
  yield entry(`cn=everyone,ou=groups,${suffix}`, {
    objectClass: 'groupOfNames',
    cn: 'everyone',
    member: [personDn(1), personDn(2)],
  })
}

/** Does what the first line of the block says. */
async function apply(slapd: Slapd, block: string): Promise<void> {
  const [command = ''] = block.split('\n')
  const ldif = fillIn(block, {
    'SERVICE-PASSWORD': secrets.service,
    'DECOY-PASSWORD': secrets.decoy,
    '/etc/ldap/tls': join(slapd.dir, 'tls'),
  })
  if (command.startsWith('# ldapmodify -Q -Y EXTERNAL -H ldapi:/// -f '))
    await ldapmodify({ url: slapd.ldapiUrl, external: true }, ldif)
  else if (command.startsWith(`# ldapmodify -x -W -D ${slapd.rootDn} -f `))
    await ldapmodify(asRoot(slapd), ldif)
  else throw new Error(`the first line is not one of the commands that the document has: ${command}`)
}
