import type { Control } from '../control.ts'

/** slapd's no-op control: the operation is judged to its end and then undone. slapd knows it without saying so in its root DSE. */
export const NO_OPERATION = '1.3.6.1.4.1.4203.666.5.2'
/** slapd's relax control: attributes that only the server writes may be written, by who has `manage` rights. */
export const RELAX = '1.3.6.1.4.1.4203.666.5.12'

/** Always critical: a server that ignored it would do the very thing that is only tried. */
export function noOperation(): Control {
  return { oid: NO_OPERATION, critical: true }
}

export function relax(): Control {
  return { oid: RELAX, critical: true }
}
