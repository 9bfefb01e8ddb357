import type { Person } from '../../src/accounts/person.ts'

/**
 * A person as vCard 4.0 (RFC 6350), with what is in `Person` and nothing else: pass it projected. Written here, because the libraries escape colons, leave
 * carriage returns in, and fold in the middle of characters.
 */
export function vcardOf(person: Person, options: { organisation: string; url: string | null }): string {
  const { organisation, url } = options
  const { displayName, familyName, givenName, title, department, site } = person
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'KIND:individual',
    `FN:${escapeText(displayName)}`,
    `N:${[familyName ?? '', givenName ?? '', '', '', ''].map(escapeText).join(';')}`,
    `ORG:${[organisation, department ?? '']
      .filter((part) => part !== '')
      .map(escapeText)
      .join(';')}`,
    ...(title === null ? [] : [`TITLE:${escapeText(title)}`]),
    ...person.mail.map((address) => `EMAIL;TYPE=work:${escapeText(address)}`),
    ...person.phone.map((number) => `TEL;VALUE=text;TYPE="work,voice":${escapeText(number)}`),
    // The locality is the fourth of seven parts (section 6.3.1).
    ...(site === null ? [] : [`ADR;TYPE=work:;;;${escapeText(site)};;;`]),
    ...(url === null ? [] : [`URL;TYPE=work:${url}`]),
    'END:VCARD',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

/** Section 3.4: backslashes, commas, semicolons and line ends. Other control characters are not allowed in a text at all. */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
    .replaceAll(/[\\,;]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
}

const MOST_OCTETS = 75

/** Section 3.2: no line above 75 octets, and no character cut in two; further lines begin with a space, which counts. */
function fold(line: string): string {
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > MOST_OCTETS) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += size
  }
  return folded
}
