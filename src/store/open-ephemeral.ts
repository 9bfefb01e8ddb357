import type { Config } from '../config/schema.ts'
import type { EphemeralStore } from './ephemeral.ts'
import { createMemoryStore } from './ephemeral-memory.ts'
import { createPostgresStore } from './ephemeral-postgres.ts'
import type { Database } from './postgres.ts'
import { createRedisStore } from './redis.ts'

/** The ephemeral store that the configuration names. `onError` is told of lost connections and failed clean-ups. */
export function openEphemeral(
  config: Config['ephemeral'],
  database: Database,
  onError: (error: Error) => void,
): EphemeralStore {
  switch (config.kind) {
    case 'redis':
      return createRedisStore(config.url, { onError })
    case 'postgres':
      return createPostgresStore(database, { onError })
    case 'memory':
      return createMemoryStore()
  }
}
