import { afterAll, beforeAll } from 'vitest'
import type { DirectoryConfig } from '../../src/config/directory-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { ldapmodify, ldapsearch } from '../support/ldap-tools.ts'
import type { Ds389 } from '../support/ds389.ts'
import { until } from '../support/poll.ts'
import type { TestPerson } from './directory-server.ts'
import { ds389Server, type Ds389Server } from './ds389-server.ts'
import { suiteOver, type Suite } from './suite/suite.ts'

/** A 389-DS for a test file of what only it has, on which `prepare` was done before anybody asked it anything: LDIF, a task for indexes at its end. */
export function useDs389(prepare: (server: Ds389) => string) {
  let server: Ds389Server
  let suite: Suite
  const opened: Directory[] = []
  const root = () => ({
    url: server.server.url,
    dn: server.server.rootDn,
    password: server.server.rootPassword,
  })
  const apply = (ldif: string) => ldapmodify(root(), ldif)
  beforeAll(async () => {
    server = await ds389Server()
    await apply(prepare(server.server))
    // While indexes are built, the server takes no change.
    const tasks = () => ldapsearch(root(), 'cn=index,cn=tasks,cn=config', '(nsInstance=*)', 'nsTaskExitCode')
    await until(async () => (await tasks()).includes('nsTaskExitCode: 0'), { within: 20_000, every: 50 })
    suite = suiteOver(server)
    // A server that records sign-ins is known by one that is recorded.
    await suite.bind(suite.somebody())
  }, 120_000)
  afterAll(async () => {
    for (const directory of [suite.directory, ...opened]) await directory.close()
    await server.stop()
  })
  return {
    suite: () => suite,
    apply,
    /** What the server itself says of an entry. */
    ask: (dn: string, attribute: string) => ldapsearch(root(), dn, '(objectClass=*)', attribute),
    modify: (person: Pick<TestPerson, 'dn'>, lines: string) =>
      apply(`dn: ${person.dn}\nchangetype: modify\n${lines}\n`),
    /** The same directory, that has not asked anything yet, with other settings. */
    open(changes: Partial<DirectoryConfig> = {}): Directory {
      const directory = openDirectory({ ...server.config, ...changes }, 'ds389')
      opened.push(directory)
      return directory
    },
  }
}
