import type { Statement } from './sql-session.ts'

/** The values of a statement for a driver whose database has no arrays. */
export function plainValues({ values }: Statement): (string | Buffer | null)[] {
  return values.map((value) => (typeof value === 'string' || Buffer.isBuffer(value) ? value : null))
}
