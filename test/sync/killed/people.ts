import { entry } from '../../support/ldif-entry.ts'
import { randomFrom } from '../../support/people.ts'
import { appDn, secrets } from '../../support/slapd-conf.ts'

const suffix = 'dc=example,dc=org'
/** What the people of a directory are like before the runs, and in each of the two sources. */
export type Era = 'before' | 'first' | 'second'
export const baseOf = (era: Era): string => `ou=${era === 'before' ? 'people' : era},${suffix}`

type Attributes = Readonly<Record<string, readonly string[]>>

/**
 * Who is there in an era, by uid. From one to another a few come and go, a few have another uid under the same number, and most have another attribute: a run
 * has something of every kind of operation to do.
 */
export function peopleIn(era: Era, count: number): ReadonlyMap<string, Attributes> {
  const random = randomFrom({ before: 11, first: 22, second: 33 }[era])
  const people = new Map<string, Attributes>()
  for (let number = 0; number < count; number++) {
    const [isThere, isMarried, one, other] = [random() < 0.85, random() < 0.2, random(), random()]
    if (!isThere) continue
    const uid = `${isMarried ? 'm' : 'p'}${number}`
    people.set(uid, {
      objectClass: ['inetOrgPerson'],
      uid: [uid],
      cn: [`Person ${number}`],
      sn: [isMarried ? 'Martin' : 'Petit'],
      employeeNumber: [String(number)],
      mail: one < 0.3 ? [] : [`${uid}@example.org`, `${Math.floor(one * 9)}.${number}@example.org`],
      title: other < 0.2 ? [] : [`Title ${Math.floor(other * 50)}`],
    })
  }
  return people
}

export function ldifOf(count: number): string {
  const branch = (era: Era): string =>
    entry(baseOf(era), { objectClass: 'organizationalUnit', ou: era === 'before' ? 'people' : era })
  const eras = ['before', 'first', 'second'] as const
  return [
    entry(suffix, { objectClass: 'domain', dc: 'example' }),
    entry(`ou=services,${suffix}`, { objectClass: 'organizationalUnit', ou: 'services' }),
    entry(appDn(suffix), {
      objectClass: ['applicationProcess', 'simpleSecurityObject'],
      cn: 'app',
      userPassword: secrets.appPassword,
    }),
    ...eras.flatMap((era) => [
      branch(era),
      ...Array.from(peopleIn(era, count), ([uid, attributes]) =>
        entry(`uid=${uid},${baseOf(era)}`, attributes),
      ),
    ]),
  ].join('')
}
