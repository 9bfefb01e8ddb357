import { promisify } from 'node:util'
import ldapjs from 'ldapjs'
import * as ldapts from 'ldapts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { app, dnOf, makeSeed, person, type Peer, startEmbedded, suffix } from './peers.ts'

const people = Object.fromEntries(
  Array.from({ length: 25 }, (_, index) => [`p${String(index).padStart(2, '0')}`, {}]),
)
let directory: Peer
beforeAll(async () => {
  directory = await startEmbedded(makeSeed({ ...people, locked: { pwdAccountLockedTime: '000001010000Z' } }))
})
afterAll(() => directory.stop())

async function byLdapts(): Promise<ldapts.Client> {
  const client = new ldapts.Client({ url: directory.url })
  onTestFinished(() => client.unbind())
  await client.bind(app.dn, app.password)
  return client
}

test('ldapts binds, searches, pages, changes, compares, renames and deletes', async () => {
  const client = await byLdapts()
  const { searchEntries } = await client.search(suffix, {
    filter: '(cn=P01 PERSON)',
    attributes: ['uid', 'displayName'],
  })
  expect(searchEntries).toEqual([{ dn: dnOf('p01'), uid: 'p01', displayName: [] }])
  const paged = await client.search(suffix, { filter: '(uid=p*)', paged: { pageSize: 4 } })
  expect(paged.searchEntries).toHaveLength(25)

  await client.add(dnOf('ts'), person('ts'))
  const type = 'description'
  await client.modify(dnOf('ts'), [
    new ldapts.Change({
      operation: 'add',
      modification: new ldapts.Attribute({ type, values: ['Élo', 'b'] }),
    }),
  ])
  expect(await client.compare(dnOf('ts'), 'description', 'ÉLO')).toBe(true)
  expect(await client.compare(dnOf('ts'), 'description', 'c')).toBe(false)
  await client.modifyDN(dnOf('ts'), dnOf('ts2'))
  await client.del(dnOf('ts2'))
  const gone = await client.search(suffix, { filter: '(uid=ts2)' })
  expect(gone.searchEntries).toEqual([])
})

test('ldapts learns why a bind is refused', async () => {
  const client = new ldapts.Client({ url: directory.url })
  onTestFinished(() => client.unbind())
  const control = new ldapts.PasswordPolicyControl()
  await expect(client.bind(dnOf('locked'), 'pw-locked', control)).rejects.toThrow(
    ldapts.InvalidCredentialsError,
  )
  const asked = await client.bind(dnOf('p02'), 'pw-p02').then(() => client.exop('1.3.6.1.4.1.4203.1.11.3'))
  expect(asked.value).toBe(`dn:${dnOf('p02')}`)
})

test('ldapts gets the codes it has classes for', async () => {
  const client = await byLdapts()
  await expect(client.del(dnOf('nobody'))).rejects.toThrow(ldapts.NoSuchObjectError)
  await expect(client.add(dnOf('p03'), person('x', { uid: 'p03' }))).rejects.toThrow(
    ldapts.AlreadyExistsError,
  )
  await expect(client.del(`ou=people,${suffix}`)).rejects.toThrow(ldapts.NotAllowedOnNonLeafError)
  await expect(client.bind(dnOf('p03'), 'wrong')).rejects.toThrow(ldapts.InvalidCredentialsError)
})

/** ldapjs with promises. */
function byLdapjs() {
  const client = ldapjs.createClient({ url: directory.url })
  onTestFinished(() => new Promise<void>((done) => client.unbind(done)))
  return {
    bind: promisify(client.bind.bind(client)),
    add: promisify(client.add.bind(client)),
    modify: promisify(client.modify.bind(client)),
    modifyDN: promisify(client.modifyDN.bind(client)),
    compare: promisify(client.compare.bind(client)),
    del: promisify(client.del.bind(client)),
    search: async (base: string, options: object) => {
      const found = await promisify(client.search.bind(client))(base, options)
      return await new Promise<string[]>((resolve, reject) => {
        const names: string[] = []
        found.on('searchEntry', (entry) => names.push(String(entry.objectName)))
        found.on('error', reject)
        found.on('end', () => resolve(names))
      })
    },
  }
}

test('ldapjs binds, searches, pages, changes, compares, renames and deletes', async () => {
  const client = byLdapjs()
  await client.bind(app.dn, app.password)
  expect(await client.search(suffix, { scope: 'sub', filter: '(cn=p01 person)' })).toEqual([dnOf('p01')])
  expect(
    await client.search(suffix, { scope: 'sub', filter: '(uid=p*)', paged: { pageSize: 4 } }),
  ).toHaveLength(25)
  await client.add(dnOf('js'), person('js'))
  const modification = new ldapjs.Attribute({ type: 'description', values: ['a', 'b'] })
  await client.modify(dnOf('js'), new ldapjs.Change({ operation: 'add', modification }))
  expect(await client.compare(dnOf('js'), 'description', 'B')).toBe(true)
  expect(await client.compare(dnOf('js'), 'description', 'c')).toBe(false)
  await client.modifyDN(dnOf('js'), dnOf('js2'))
  await client.del(dnOf('js2'))
  await expect(client.del(dnOf('js2'))).rejects.toThrow('No Such Object')
  await expect(client.bind(dnOf('p04'), 'wrong')).rejects.toThrow('Invalid Credentials')
})
