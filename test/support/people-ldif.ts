import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import sharp from 'sharp'
import { entry } from './ldif-entry.ts'
import { groupsOfPeople, makeGroups } from './groups.ts'
import { argon2, ssha } from './password-hashes.ts'
import { makePeople, randomFrom } from './people.ts'
import { appDn, secrets } from './slapd-conf.ts'

export interface PeopleOptions {
  people: number
  /** Share of the people who have a jpegPhoto; default 0. */
  photos?: number
  /**
   * Passwords hashed as slapd's argon2 module does by default, for a slapd with `passwordHash: '{ARGON2}'`; each takes 23 ms,
   * here once and at every sign-in.
   */
  argon2?: boolean
  /** Passwords between now and 120 days old, last sign-ins, and every hundredth locked, disabled, ended or told to change: a directory after some years. */
  lived?: boolean
}

/**
 * Writes an LDIF for slapadd: containers, default password policy, service account, people (password `pw-<uid>`) and
 * groups. 10,000 people in about half a second. slapadd runs no overlay, so memberOf and hashed passwords are in the file.
 * Besides the groups of `makeGroups` there is `lyon`, a groupOfURLs.
 */
export async function writePeopleLdif(path: string, suffix: string, options: PeopleOptions): Promise<void> {
  const photos = options.photos ? await makePhotos() : []
  await pipeline(Readable.from(inChunks(entries(suffix, options, photos))), createWriteStream(path))
}

function* entries(suffix: string, options: PeopleOptions, photos: readonly Buffer[]): Generator<string> {
  const people = makePeople(options.people)
  const groups = makeGroups(people.length)
  const groupsOf = groupsOfPeople(groups, people.length)
  const photoOf = pickPhotos(photos, options.photos ?? 0)
  const hash = options.argon2 ? argon2 : ssha
  yield* containers(suffix)
  for (const [index, person] of people.entries()) {
    const manager = person.manager === undefined ? undefined : people[person.manager]
    yield entry(personDn(person.uid, suffix), {
      ...person,
      objectClass: 'inetOrgPerson',
      cn: `${person.givenName} ${person.sn}`,
      displayName: `${person.givenName} ${person.sn.toUpperCase()}`,
      manager: manager && personDn(manager.uid, suffix),
      userPassword: hash(`pw-${person.uid}`),
      jpegPhoto: photoOf(),
      ...(options.lived === true && lifeOf(index)),
      memberOf: (groupsOf[index] ?? []).map((cn) => groupDn(cn, suffix)),
    })
  }
  const containing = groups.filter((group) => group.groups.length > 0)
  for (const { cn, people: members, groups: nested } of groups) {
    const member = [
      ...members.flatMap((index) => people[index] ?? []).map(({ uid }) => personDn(uid, suffix)),
      ...nested.map((name) => groupDn(name, suffix)),
    ]
    const memberOf = containing
      .filter((group) => group.groups.includes(cn))
      .map((group) => groupDn(group.cn, suffix))
    yield entry(groupDn(cn, suffix), { objectClass: 'groupOfNames', cn, member, memberOf })
  }
  yield entry(groupDn('lyon', suffix), {
    objectClass: 'groupOfURLs',
    cn: 'lyon',
    memberURL: `ldap:///ou=people,${suffix}??sub?(l=Lyon)`,
  })
}

/** Operational attributes of the password policy; the database needs no overlay to load them. */
function lifeOf(index: number): Record<string, string | undefined> {
  const daysAgo = (days: number) =>
    `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}000000Z`
  const only = (remainder: number, value: string) => (index % 100 === remainder ? value : undefined)
  return {
    pwdChangedTime: daysAgo((index * 7) % 100),
    pwdLastSuccess: index % 20 === 0 ? undefined : daysAgo((index * 3) % 100),
    pwdAccountLockedTime: only(1, '000001010000Z'),
    pwdStartTime: only(2, '20991231235959Z'),
    pwdEndTime: only(3, '20200101000000Z'),
    pwdReset: only(4, 'TRUE'),
  }
}

const personDn = (uid: string, suffix: string): string => `uid=${uid},ou=people,${suffix}`

const groupDn = (cn: string, suffix: string): string => `cn=${cn},ou=groups,${suffix}`

function* containers(suffix: string): Generator<string> {
  const dc = /^dc=([^,]+)/i.exec(suffix)?.[1]
  if (dc === undefined) throw new Error(`the suffix must begin with dc=: ${suffix}`)
  yield entry(suffix, { objectClass: 'domain', dc })
  for (const ou of ['people', 'groups', 'policies', 'services']) {
    yield entry(`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou })
  }
  yield entry(`cn=default,ou=policies,${suffix}`, {
    objectClass: ['device', 'pwdPolicy'],
    cn: 'default',
    pwdAttribute: 'userPassword',
    pwdMinLength: '8',
    pwdInHistory: '3',
    pwdMaxAge: '7776000',
    pwdExpireWarning: '604800',
    pwdGraceAuthNLimit: '2',
    pwdLockout: 'TRUE',
    pwdMaxFailure: '5',
    pwdLockoutDuration: '60',
    pwdFailureCountInterval: '30',
    pwdMustChange: 'TRUE',
    pwdAllowUserChange: 'TRUE',
    pwdCheckQuality: '1',
  })
  yield entry(appDn(suffix), {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: 'app',
    userPassword: ssha(secrets.appPassword),
  })
}

async function makePhotos(): Promise<Buffer[]> {
  const colours = ['#c0392b', '#2980b9', '#27ae60', '#8e44ad']
  return await Promise.all(
    colours.map((background) =>
      sharp({ create: { width: 240, height: 320, channels: 3, background } })
        .jpeg()
        .toBuffer(),
    ),
  )
}

function pickPhotos(photos: readonly Buffer[], share: number): () => Buffer | undefined {
  const random = randomFrom(4)
  return () => (random() < share ? photos[Math.floor(random() * photos.length)] : undefined)
}

function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < 1 << 18) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}
