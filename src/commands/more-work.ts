import type { OpenServices } from './open-services.ts'

/** Work that `src/main.ts` hands to a worker, because it is not for `src` to know. Gives what ends it. */
export type MoreWork = (opened: OpenServices) => Promise<() => Promise<void>>
