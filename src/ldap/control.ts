import { BOOLEAN, OCTET_STRING, SEQUENCE } from './ber-reader.ts'
import type { BerReader } from './ber-reader.ts'
import type { BerWriter } from './ber-writer.ts'

/**
 * A control (RFC 4511, 4.1.11), on a request or a response. Each one that we know has a file in `controls/` with
 * functions that make it and read it; any other is sent and handed over as it is.
 */
export type Control = { readonly oid: string; readonly critical: boolean; readonly value?: Buffer }

export const NO_CONTROLS: readonly Control[] = []

/** `[0] Controls`, after the operation in the envelope. */
const CONTROLS = 0xa0

/** The control with this OID, if it is there. */
export function findControl(controls: readonly Control[], oid: string): Control | undefined {
  return controls.find((control) => control.oid === oid)
}

export function writeControls(writer: BerWriter, controls: readonly Control[]): void {
  if (controls.length === 0) return
  const list = writer.begin(CONTROLS)
  for (const control of controls) {
    const sequence = writer.begin(SEQUENCE)
    writer.text(control.oid)
    if (control.critical) writer.boolean(true)
    if (control.value !== undefined) writer.bytes(control.value)
    writer.end(sequence)
  }
  writer.end(list)
}

export function readControls(reader: BerReader): readonly Control[] {
  if (reader.peek() !== CONTROLS) return NO_CONTROLS
  const controls: Control[] = []
  const outer = reader.enter(CONTROLS)
  while (reader.more) controls.push(readControl(reader))
  reader.leave(outer)
  return controls
}

function readControl(reader: BerReader): Control {
  const outer = reader.enter(SEQUENCE)
  const oid = reader.text()
  const critical = reader.peek() === BOOLEAN ? reader.boolean() : false
  const control =
    reader.peek() === OCTET_STRING ? { oid, critical, value: reader.bytes() } : { oid, critical }
  reader.leave(outer)
  return control
}
