import { afterAll, beforeAll } from 'vitest'
import type { DirectoryConfig } from '../../src/config/directory-schema.ts'
import type { Directory } from '../../src/directory/directory.ts'
import { openDirectory } from '../../src/directory/open-directory.ts'
import { sambaServer, type SambaServer } from './samba-server.ts'
import { suiteOver, type Suite } from './suite/suite.ts'

/** A Samba AD for a test file of what only Active Directory has. */
export function useSamba() {
  let server: SambaServer
  let suite: Suite
  const opened: Directory[] = []
  beforeAll(async () => {
    server = await sambaServer()
    suite = suiteOver(server)
  }, 120_000)
  afterAll(async () => {
    for (const directory of [suite.directory, ...opened]) await directory.close()
    await server.stop()
  })
  const open = (changes: Partial<DirectoryConfig>): Directory => {
    const directory = openDirectory({ ...server.config, ...changes }, 'active-directory')
    opened.push(directory)
    return directory
  }
  return {
    server: () => server,
    suite: () => suite,
    /** The same directory with an administrator as its service account, who may see everything. */
    asAdministrator: () =>
      open({ bind: { dn: server.ad.admin.dn ?? '', password: server.ad.admin.password ?? '' } }),
  }
}
