import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../../../src/ldap/connection.ts'
import { postRead, readPostRead } from '../../../src/ldap/controls/post-read.ts'
import { bytes } from '../../../src/ldap/entry.ts'
import { ldapsearch } from '../../support/ldap-tools.ts'
import { app, dnOf, makeSeed, type Peer, startEmbedded } from './peers.ts'

let directory: Peer
let connection: Connection
let drawings = 0

beforeAll(async () => {
  const seed = makeSeed({ ann: {}, bob: {}, cyd: { jpegPhoto: 'stored' } })
  const drawn = {
    name: 'jpegPhoto',
    has: ({ dn }: { dn: string }) => dn === dnOf('ann') || dn === dnOf('cyd'),
    async draw({ dn }: { dn: string }) {
      drawings++
      return Buffer.from(`drawn for ${dn}`)
    },
  }
  directory = await startEmbedded(seed, { drawn })
  connection = await connect({ url: directory.url, bind: app })
})
afterAll(async () => {
  connection.unbind()
  await directory.stop()
})

const target = () => ({ url: directory.url, ...app })
const people = 'ou=people,dc=example,dc=org'

test('a filter finds who has one, and nothing is drawn for it', async () => {
  const found = await ldapsearch(target(), people, '(&(uid=*)(jpegPhoto=*))', 'uid')
  expect(found.match(/^uid: \w+$/gm)?.toSorted()).toEqual(['uid: ann', 'uid: cyd'])
  expect(drawings).toBe(0)
})

test.each([['jpegPhoto'], ['*']])(
  'it is drawn for who asks for %s, a stored one is given as it is',
  async (asked) => {
    const photos: string[] = []
    for await (const entry of connection.search({ base: people, attributes: [asked] })) {
      photos.push(...bytes(entry, 'jpegPhoto').map(String))
    }
    expect(photos.toSorted()).toEqual([`drawn for ${dnOf('ann')}`, 'stored'])
  },
)

test('a change that is read back does not show one that was not drawn', async () => {
  const change = { operation: 'replace', attribute: 'title', values: ['Dr'] } as const
  const answer = await connection.modify(dnOf('ann'), [change], { controls: [postRead(['*'])] })
  const entry = readPostRead(answer.controls)
  expect(entry?.attributes.has('title')).toBe(true)
  expect(entry?.attributes.has('jpegphoto')).toBe(false)
})
