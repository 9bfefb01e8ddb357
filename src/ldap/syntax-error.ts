export type Notation = 'filter' | 'dn' | 'url' | 'ldif' | 'schema'

/**
 * A text that is not what its notation allows. The message names the place and what was expected there,
 * never the text itself: a filter or an LDIF line may hold personal data or a password.
 */
export class LdapSyntaxError extends Error {
  override readonly name = 'LdapSyntaxError'
  readonly notation: Notation

  constructor(notation: Notation, message: string) {
    super(`${notation}: ${message}`)
    this.notation = notation
  }
}
