import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Destination, Source } from '../../../sync/connectors/connector.ts'
import type { LdapSideOptions } from '../../../sync/connectors/ldap/ldap-side.ts'
import { openLdapSide } from '../../../sync/connectors/ldap/open-ldap-side.ts'
import { openLine } from '../../support/line.ts'
import { type PeopleDirectory, startPeopleDirectory } from '../people-directory.ts'
import { describeDestination } from './describe-destination.ts'
import { describeSource, people } from './describe-source.ts'

const MANY = 5_000
const suffix = 'dc=example,dc=org'
const filter = '(objectClass=inetOrgPerson)'
const nameOf = (uid: string): string => `uid=${uid},ou=people,${suffix}`
let directory: PeopleDirectory

beforeAll(async () => {
  const many = Array.from(
    { length: MANY },
    (_, index) => `dn: uid=p${index},ou=many,${suffix}\nobjectClass: inetOrgPerson\ncn: P\nsn: P\n`,
  )
  directory = await startPeopleDirectory(
    [`dn: ou=many,${suffix}\nobjectClass: organizationalUnit\n`, ...many].join('\n'),
  )
})
afterAll(() => directory.stop())
beforeEach(() => directory.clear())

const open = (options: Partial<LdapSideOptions> = {}, urls = [directory.slapd.url]): Promise<Destination> =>
  openLdapSide({ pool: { ...directory.pool, urls } }, { base: directory.base, filter, ...options })

async function fill(): Promise<void> {
  for (const { uid, sn, mail } of people)
    await directory.put(uid, { sn: [sn], ...(mail.length > 0 && { mail: [...mail] }) })
}

/** The line to the server is cut once the first entry is there. */
async function openCut(): Promise<Source> {
  await fill()
  const line = await openLine(directory.slapd.port)
  const side = await open({ pageSize: 1 }, [`ldap://127.0.0.1:${line.port}`])
  return {
    ...side,
    async *read(wanted) {
      for await (const record of side.read(wanted)) {
        await line.close()
        yield record
      }
    },
  }
}

describeSource('ldap', {
  nameOf,
  async people() {
    await fill()
    return open({ role: 'source' })
  },
  many: () => open({ role: 'source', base: `ou=many,${suffix}` }),
  manyCount: MANY,
  cut: { reason: 'lost', open: openCut },
})

describeDestination('ldap', {
  nameOf,
  needed: { objectClass: ['inetOrgPerson'], cn: ['new'] },
  async open() {
    await fill()
    return open()
  },
})
