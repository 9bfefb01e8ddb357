import { recordOf } from './record.js'

/** What our own expressions see: parameters, so that nothing of them outlives the call. */
export const ownScope = {
  leaks: false,
  names: [],
  enter: (rows, extra) => ({
    source: recordOf(rows[0]),
    destination: recordOf(rows[1]),
    value: extra?.value ?? '',
  }),
  run: (code, seen) => code(seen.source, seen.destination, seen.value),
}
