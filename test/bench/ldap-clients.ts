import ldapjs from 'ldapjs'
import * as ldapts from 'ldapts'
import { connect } from '../../src/ldap/connection.ts'
import { first, text } from '../../src/ldap/entry.ts'
import { filter } from '../../src/ldap/filter.ts'

/** What each client under measurement does. A search reads two attributes of each entry as text. */
export interface BenchClient {
  read(dn: string): Promise<number>
  findUid(base: string, uid: string): Promise<number>
  streamAll(base: string, pageSize: number | undefined): Promise<number>
  modify(dn: string, title: string): Promise<unknown>
  bind(dn: string, password: string): Promise<unknown>
}

export type Account = { readonly url: string; readonly dn: string; readonly password: string }

export const clients: Readonly<Record<string, (account: Account) => Promise<BenchClient>>> = {
  ours,
  ldapts: byLdapts,
  ldapjs: byLdapjs,
}

async function ours({ url, dn, password }: Account): Promise<BenchClient> {
  const ldap = await connect({ url, bind: { dn, password } })
  return {
    read: async (entryDn) => {
      const entry = await ldap.read(entryDn)
      return entry ? text(entry, 'cn').length + text(entry, 'mail').length : 0
    },
    findUid: async (base, uid) => {
      const { entries } = await ldap.searchAll({ base, filter: filter`(uid=${uid})` })
      return entries.reduce((sum, entry) => sum + text(entry, 'cn').length + text(entry, 'mail').length, 0)
    },
    streamAll: async (base, paged) => {
      let count = 0
      for await (const entry of ldap.search({ base, ...(paged !== undefined && { paged }) })) {
        if (first(entry, 'cn') !== '' && first(entry, 'mail') !== '') count += 1
      }
      return count
    },
    modify: (entryDn, title) =>
      ldap.modify(entryDn, [{ operation: 'replace', attribute: 'title', values: [title] }]),
    bind: (userDn, userPassword) => ldap.bind({ dn: userDn, password: userPassword }),
  }
}

async function byLdapts({ url, dn, password }: Account): Promise<BenchClient> {
  const client = new ldapts.Client({ url })
  await client.bind(dn, password)
  const count = (entries: readonly ldapts.Entry[]): number =>
    entries.reduce((sum, entry) => sum + (entry['cn'] && entry['mail'] ? 2 : 0), 0)
  return {
    read: async (base) => count((await client.search(base, { scope: 'base', timeLimit: 0 })).searchEntries),
    findUid: async (base, value) => {
      const equal = new ldapts.EqualityFilter({ attribute: 'uid', value })
      return count((await client.search(base, { filter: equal, timeLimit: 0 })).searchEntries)
    },
    streamAll: async (base, pageSize) => {
      if (pageSize === undefined)
        return count((await client.search(base, { timeLimit: 0 })).searchEntries) / 2
      let sum = 0
      for await (const page of client.searchPaginated(base, { timeLimit: 0, paged: { pageSize } }))
        sum += count(page.searchEntries) / 2
      return sum
    },
    modify: (entryDn, title) => {
      const modification = new ldapts.Attribute({ type: 'title', values: [title] })
      return client.modify(entryDn, new ldapts.Change({ operation: 'replace', modification }))
    },
    bind: (userDn, userPassword) => client.bind(userDn, userPassword),
  }
}

async function byLdapjs({ url, dn, password }: Account): Promise<BenchClient> {
  const client = ldapjs.createClient({ url })
  const done = (start: (callback: (error: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
  const search = (base: string, options: object): Promise<number> =>
    new Promise((resolve, reject) => {
      client.search(base, options, (error, found) => {
        if (error) return reject(error)
        let sum = 0
        found.on('searchEntry', ({ attributes }: { attributes: { type: string; values: string[] }[] }) => {
          for (const { type, values } of attributes)
            if (type === 'cn' || type === 'mail') sum += values.length
        })
        found.on('error', reject)
        found.on('end', () => resolve(sum))
      })
    })
  await done((callback) => client.bind(dn, password, callback))
  return {
    read: (base) => search(base, { scope: 'base' }),
    findUid: (base, value) =>
      search(base, { scope: 'sub', filter: new ldapjs.EqualityFilter({ attribute: 'uid', value }) }),
    streamAll: async (base, pageSize) =>
      (await search(base, { scope: 'sub', ...(pageSize !== undefined && { paged: { pageSize } }) })) / 2,
    modify: (entryDn, title) => {
      const modification = new ldapjs.Attribute({ type: 'title', values: [title] })
      const change = new ldapjs.Change({ operation: 'replace', modification })
      return done((callback) => client.modify(entryDn, change, callback))
    },
    bind: (userDn, userPassword) => done((callback) => client.bind(userDn, userPassword, callback)),
  }
}
