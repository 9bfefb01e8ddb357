import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import sharp from 'sharp'
import { makePeople, type Person, randomFrom } from './people.ts'
import { appDn, secrets } from './slapd-conf.ts'

export interface PeopleOptions {
  people: number
  /** Share of the people who have a jpegPhoto; default 0. */
  photos?: number
}

interface Group {
  cn: string
  /** Indexes of people. */
  people: readonly number[]
  /** Names of member groups. */
  groups?: readonly string[]
}

/**
 * Writes an LDIF for slapadd: containers, default password policy, service account, people (password `pw-<uid>`) and
 * groups. 10,000 people in about half a second. slapadd runs no overlay, so memberOf and hashed passwords are in the file.
 *
 * Groups: one of 5 to 64 people for every ten people, three large ones, `service-desk` (hugo), `administrators` (ada),
 * `support` (nested: service-desk, administrators), `loop-a` and `loop-b` (each in the other), and `lyon` (groupOfURLs).
 */
export async function writePeopleLdif(path: string, suffix: string, options: PeopleOptions): Promise<void> {
  const photos = options.photos ? await makePhotos() : []
  await pipeline(Readable.from(inChunks(entries(suffix, options, photos))), createWriteStream(path))
}

function* entries(suffix: string, options: PeopleOptions, photos: readonly Buffer[]): Generator<string> {
  const people = makePeople(options.people)
  const groups = makeGroups(people.length)
  const groupsOf = invert(groups, people.length)
  const photoOf = pickPhotos(photos, options.photos ?? 0)
  yield* containers(suffix)
  for (const [index, person] of people.entries()) {
    const memberOf = (groupsOf[index] ?? []).map((cn) => groupDn(cn, suffix))
    const manager = person.manager === undefined ? undefined : people[person.manager]
    yield personEntry(person, suffix, manager, memberOf, photoOf())
  }
  for (const { cn, people: members, groups: nested = [] } of groups) {
    const member = [
      ...members.flatMap((index) => people[index] ?? []).map(({ uid }) => personDn(uid, suffix)),
      ...nested.map((name) => groupDn(name, suffix)),
    ]
    yield entry(groupDn(cn, suffix), { objectClass: 'groupOfNames', cn, member })
  }
  yield entry(groupDn('lyon', suffix), {
    objectClass: 'groupOfURLs',
    cn: 'lyon',
    memberURL: `ldap:///ou=people,${suffix}??sub?(l=Lyon)`,
  })
}

/** DN of a person of the test directory. */
const personDn = (uid: string, suffix: string): string => `uid=${uid},ou=people,${suffix}`

/** DN of a group of the test directory. */
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

function personEntry(
  person: Person,
  suffix: string,
  manager: Person | undefined,
  memberOf: readonly string[],
  jpegPhoto: Buffer | undefined,
): string {
  return entry(personDn(person.uid, suffix), {
    ...person,
    objectClass: 'inetOrgPerson',
    cn: `${person.givenName} ${person.sn}`,
    displayName: `${person.givenName} ${person.sn.toUpperCase()}`,
    manager: manager && personDn(manager.uid, suffix),
    userPassword: ssha(`pw-${person.uid}`),
    jpegPhoto,
    memberOf,
  })
}

function makeGroups(people: number): Group[] {
  const random = randomFrom(3)
  const draw = (size: number): number[] => [
    ...new Set(Array.from({ length: size }, () => Math.floor(random() * people))),
  ]
  const usual = Array.from({ length: Math.ceil(people / 10) }, (_, index) => ({
    cn: `g${String(index + 1).padStart(4, '0')}`,
    people: draw(index < 3 ? Math.ceil(people / 2) : 5 + Math.floor(random() * 60)),
  }))
  return [
    { cn: 'service-desk', people: [2] },
    { cn: 'administrators', people: [0] },
    { cn: 'support', people: [], groups: ['service-desk', 'administrators'] },
    { cn: 'loop-a', people: [1], groups: ['loop-b'] },
    { cn: 'loop-b', people: [3], groups: ['loop-a'] },
    ...usual,
  ]
}

function invert(groups: readonly Group[], people: number): string[][] {
  const groupsOf = Array.from({ length: people }, (): string[] => [])
  for (const { cn, people: members } of groups) {
    for (const index of members) groupsOf[index]?.push(cn)
  }
  return groupsOf
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

type Value = string | Buffer

function entry(
  dn: string,
  attributes: Record<string, Value | readonly Value[] | number | undefined>,
): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    [values ?? []].flat().map((value) => line(name, Buffer.isBuffer(value) ? value : String(value))),
  )
  return `${line('dn', dn)}${lines.join('')}\n`
}

// RFC 2849 SAFE-STRING without control characters; all else in base64.
const safe = /^(?![ :<])[ -~]+(?<! )$/

function line(name: string, value: Value): string {
  if (typeof value === 'string' && safe.test(value)) return `${name}: ${value}\n`
  return `${name}:: ${(typeof value === 'string' ? Buffer.from(value) : value).toString('base64')}\n`
}

function ssha(password: string): string {
  const salt = createHash('sha1').update(`salt of ${password}`).digest().subarray(0, 8)
  const digest = createHash('sha1').update(password).update(salt).digest()
  return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`
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
