import { createAudit, type Audit } from '../audit/create-audit.ts'
import { createTrail, type Trail } from '../audit/trail.ts'
import type { Config } from '../config/schema.ts'
import { connectDatabase, type Database, type DatabaseOptions } from '../store/postgres.ts'
import { createSealer, type Sealer } from '../store/seal.ts'

export type Stores = {
  readonly database: Database
  readonly sealer: Sealer
  readonly audit: Audit
  readonly trail: Trail
  close(): Promise<void>
}

/** Opens the database alone, for a command that needs no directory: it then works while those are away. */
export function openStores(config: Pick<Config, 'database' | 'keys'>, options: DatabaseOptions = {}): Stores {
  const database = connectDatabase(config.database, options)
  const sealer = createSealer(config.keys)
  const audit = createAudit({ database, sealer, onClosed: (anchor) => say('audit segment closed', anchor) })
  const trail = createTrail(audit, {
    clock: () => new Date(),
    onLost: ({ tenant, action }) => say('outcome of an act not written to the audit', { tenant, action }),
  })
  return {
    database,
    sealer,
    audit,
    trail,
    async close() {
      await audit.settled()
      await database.close()
    },
  }
}

function say(what: string, of: object): void {
  process.stderr.write(`${what}: ${JSON.stringify(of)}\n`)
}
