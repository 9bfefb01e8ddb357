import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { entry } from '../support/ldif-entry.ts'
import { makePeople } from '../support/people.ts'

export const suffix = 'dc=example,dc=org'
export const peopleBase = `ou=people,${suffix}`
export const peopleFilter = '(objectClass=inetOrgPerson)'

/** An entry of the source: seven attributes. */
export type PersonEntry = {
  readonly dn: string
  readonly attributes: Readonly<Record<string, readonly [string]>>
}

export function personEntries(count: number): PersonEntry[] {
  return makePeople(count).map(({ uid, givenName, sn, mail, telephoneNumber }) => ({
    dn: `uid=${uid},${peopleBase}`,
    attributes: {
      objectClass: ['inetOrgPerson'],
      uid: [uid],
      cn: [`${givenName} ${sn}`],
      sn: [sn],
      givenName: [givenName],
      mail: [mail],
      telephoneNumber: [telephoneNumber],
    },
  }))
}

/** An LDIF of the branches alone (the destination before the first run), or of people too. */
export async function writeDirectoryLdif(path: string, people: readonly PersonEntry[]): Promise<void> {
  const branches = [
    entry(suffix, { objectClass: 'domain', dc: 'example' }),
    entry(peopleBase, { objectClass: 'organizationalUnit', ou: 'people' }),
  ].join('')
  await pipeline(Readable.from(chunks(branches, people)), createWriteStream(path))
}

/** Entries alone, as ldapadd takes them. */
export async function writePeopleLdif(path: string, people: readonly PersonEntry[]): Promise<void> {
  await pipeline(Readable.from(chunks('', people)), createWriteStream(path))
}

function* chunks(first: string, people: readonly PersonEntry[]): Generator<string> {
  if (first !== '') yield first
  for (let index = 0; index < people.length; index += 500)
    yield people
      .slice(index, index + 500)
      .map(({ dn, attributes }) => entry(dn, attributes))
      .join('')
}
