import ICAL from 'ical.js'
import type { Person } from '../../src/accounts/person.ts'

type Parameters = Readonly<Record<string, string | string[]>>

/** A person as vCard 4.0 (RFC 6350), with what is in `Person` and nothing else: pass it projected. */
export function vcardOf(person: Person, options: { organisation: string; url: string | null }): string {
  const { organisation, url } = options
  const { displayName, familyName, givenName, title, department, site } = person
  const card = new ICAL.Component(['vcard', [], []])
  const add = (name: string, value: string | string[], parameters: Parameters = {}) => {
    const property = new ICAL.Property(name, card)
    for (const [parameter, setting] of Object.entries(parameters)) property.setParameter(parameter, setting)
    property.setValue(Array.isArray(value) ? value.map(plain) : plain(value))
    card.addProperty(property)
  }
  add('version', '4.0')
  add('kind', 'individual')
  add('fn', displayName)
  add('n', [familyName ?? '', givenName ?? '', '', '', ''])
  add('org', department === null ? [organisation] : [organisation, department])
  if (title !== null) add('title', title)
  for (const address of person.mail) add('email', address, { type: 'work' })
  for (const number of person.phone) add('tel', number, { value: 'text', type: ['work', 'voice'] })
  // The locality is the fourth of seven parts (section 6.3.1).
  if (site !== null) add('adr', ['', '', '', site, '', '', ''], { type: 'work' })
  if (url !== null) add('url', url, { type: 'work' })
  return `${card.toString()}\r\n`
}

/** Control characters are not allowed in a value, and the library writes a carriage return as it is: it would begin a line of its own. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
}
