import { normalizePassword } from './accepted-password.ts'
import type { PasswordCheck } from './directory.ts'

/**
 * Tries a password in the form in which we write them, and, only where that is wrong and differs, as it was typed: another tool may have set it, and each try
 * counts.
 */
export async function inEitherForm<T>(
  typed: string,
  attempt: (password: string) => Promise<T>,
  isWrong: (result: T) => boolean,
): Promise<T> {
  const normal = normalizePassword(typed)
  const result = await attempt(normal)
  return isWrong(result) && normal !== typed ? await attempt(typed) : result
}

export function isWrongPassword(check: PasswordCheck): boolean {
  return check.outcome === 'refused' && check.reason === 'wrong'
}
