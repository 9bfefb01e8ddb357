// Lower case, single inner spaces, printable ASCII: already what preparation would give.
const prepared = /^[!-@[-~]+(?: [!-@[-~]+)*$/
// RFC 4518, 2.2: soft hyphen, joiners, variation selectors and other format characters map to nothing.
const nothing = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\uFFFC/gu
const spaces = /[\s\u0085\p{Z}]+/gu

/** A string as caseIgnoreMatch compares it (RFC 4518): case, compatibility forms and superfluous spaces do not count. */
export function prepareIgnoringCase(text: string): string {
  return prepared.test(text) ? text : squeeze(text).toLowerCase().normalize('NFKC').trim()
}

/** A string as caseExactMatch compares it (RFC 4518). */
export function prepareExact(text: string): string {
  return squeeze(text).trim()
}

/** A piece of a substrings assertion: spaces at its inner ends count, those at the ends of the whole value do not. */
export function prepareFragment(
  text: string,
  place: 'initial' | 'any' | 'final',
  ignoreCase: boolean,
): string {
  const squeezed = squeeze(ignoreCase ? text.toLowerCase() : text).normalize('NFKC')
  return place === 'initial' ? squeezed.trimStart() : place === 'final' ? squeezed.trimEnd() : squeezed
}

function squeeze(text: string): string {
  return text.replace(nothing, '').normalize('NFKC').replace(spaces, ' ')
}
