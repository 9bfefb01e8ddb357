import type { Config } from '../config/schema.ts'
import type { OpenServices } from './open-services.ts'

/** Work that `src/main.ts` hands to a worker, because it is not for `src` to know. Gives what ends it. */
export type MoreWork = (opened: OpenServices) => Promise<() => Promise<void>>

/** What tells how a worker is; for `src/main.ts` to hand over, as it is of the plugins. Gives what ends it. */
export type WorkerHealth = (opened: OpenServices, server: Config['server']) => Promise<() => Promise<void>>
