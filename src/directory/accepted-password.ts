/** A new password without violations of the tenant's password policy: the only thing a directory takes. */
export class AcceptedPassword {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** Null when there is any violation. The text is normalised (NFKC): slapd compares raw bytes, keyboards differ in forms. */
  static accept(text: string, violations: readonly unknown[]): AcceptedPassword | null {
    return violations.length === 0 ? new AcceptedPassword(normalizePassword(text)) : null
  }

  /** The clear text, for the directory's own operation only. A method, so that no log or JSON shows it by accident. */
  reveal(): string {
    return this.#text
  }
}

/** The form in which passwords are written and proven (RFC 8265 is stricter; NFKC is what people's keyboards need). */
export function normalizePassword(text: string): string {
  return text.normalize('NFKC')
}
