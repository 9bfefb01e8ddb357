import { BerReader, SEQUENCE } from '../ber-reader.ts'
import { berBytes } from '../ber-writer.ts'
import { Secret } from '../secret.ts'

/** RFC 3062. */
export const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1'

const USER_IDENTITY = 0x80
const OLD_PASSWORD = 0x81
const NEW_PASSWORD = 0x82
const GENERATED_PASSWORD = 0x80

/**
 * Whose password, by DN (the bound user when absent; slapd takes `u:` and `dn:` forms too), the old one where the
 * server wants it, and the new one; the server generates one when that is absent.
 */
export type PasswordModify = {
  readonly user?: string
  readonly oldPassword?: string | Buffer
  readonly newPassword?: string | Buffer
}

/** Values in Windows-1252 or any other encoding pass as they are: give them as bytes. */
export function writePasswordModify({ user, oldPassword, newPassword }: PasswordModify): Buffer {
  return berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    if (user !== undefined) writer.text(user, USER_IDENTITY)
    if (oldPassword !== undefined) writer.value(oldPassword, OLD_PASSWORD)
    if (newPassword !== undefined) writer.value(newPassword, NEW_PASSWORD)
    writer.end(sequence)
  })
}

/** The server's side of the request. An absent value means: the bound user, generate. */
export function readPasswordModify(value: Buffer | undefined): {
  user?: string
  oldPassword?: Secret
  newPassword?: Secret
} {
  if (!value) return {}
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const user = reader.peek() === USER_IDENTITY ? { user: reader.text(USER_IDENTITY) } : {}
  const old = reader.peek() === OLD_PASSWORD ? { oldPassword: new Secret(reader.bytes(OLD_PASSWORD)) } : {}
  const next = reader.peek() === NEW_PASSWORD ? { newPassword: new Secret(reader.bytes(NEW_PASSWORD)) } : {}
  reader.leave(outer)
  return { ...user, ...old, ...next }
}

/** The response value of a server that generated a password. */
export function writeGeneratedPassword(password: string | Buffer): Buffer {
  return berBytes((writer) => {
    const sequence = writer.begin(SEQUENCE)
    writer.value(password, GENERATED_PASSWORD)
    writer.end(sequence)
  })
}

/** The password that the server generated, as raw bytes; undefined when it generated none. */
export function readGeneratedPassword(value: Buffer | undefined): Buffer | undefined {
  if (!value || value.length === 0) return undefined
  const reader = new BerReader(value)
  const outer = reader.enter(SEQUENCE)
  const password = reader.peek() === GENERATED_PASSWORD ? reader.bytes(GENERATED_PASSWORD) : undefined
  reader.leaveRest(outer)
  return password
}
