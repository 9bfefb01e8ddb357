import { first, type Entry } from '../ldap/entry.ts'
import { parseGeneralizedTime } from '../ldap/generalized-time.ts'

/** The time in an attribute; undefined when there is none, or nothing that is a time. */
export function time(entry: Entry, name: string): Date | undefined {
  return parseGeneralizedTime(first(entry, name) ?? '') ?? undefined
}

export function later(date: Date, seconds: number): Date {
  return new Date(date.getTime() + seconds * 1000)
}
