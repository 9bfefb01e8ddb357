import { adaptLscCode } from '../expressions/adapt-lsc-code.ts'
import { tokens } from '../expressions/tokens.ts'

const first = 'getDatasetFirstValueById|getAttributeFirstValueById'
const all = 'getDatasetValuesById|getAttributeValuesById'
const name = 'getMainIdentifier|getDistinguishedName|getFullDistinguishedName|getDN'
const literal = `\\(\\s*(?:"([\\w;.-]+)"|'([\\w;.-]+)')\\s*\\)`

/** What only scripts of LSC see, and what Java's strings have and JavaScript's have not. */
const foreign =
  /\b(?:srcBean|dstBean|srcValues|dstValues|srcAttr|dstAttr|srcLdap|ldap|LDAP|SequencesFactory|SetUtils|custom|nocreate|noupdate|nodelete|nomodrdn|pivotAttributes|java|javax|org|com|Packages|Java|JavaImporter|importPackage|importClass|load|print|with|encrypt|decrypt)\b|\.(?:equals|equalsIgnoreCase|isEmpty|isBlank|contains|matches|replaceAll|replaceFirst|compareTo|compareToIgnoreCase|getBytes|toCharArray|hashCode|strip|intern|size|get|add|addAll|iterator|intValue)\s*\(/

/**
 * A script of LSC as one of ours. Null when it does more than ask for values: then it stays LSC's. Nothing is guessed: what is not known to mean the same there is left.
 */
export function toOwnScript(code: string): string | null {
  const adapted = adaptLscCode(code).trim()
  // Names that mean something here.
  if (/\b(?:source|destination|dn|escapeRdn|randomPassword)\b/.test(withoutTexts(adapted))) return null
  const own = adapted
    .replace(pattern(first, literal), (_, bean: string, one?: string, other?: string) =>
      member(sideOf(bean), one ?? other ?? ''),
    )
    .replace(pattern(all, `${literal}(?!\\s*[.[])`), (_, bean: string, one?: string, other?: string) =>
      member(`${sideOf(bean)}.all`, one ?? other ?? ''),
    )
    .replace(pattern(name, '\\(\\s*\\)'), (_, bean: string) => `${sideOf(bean)}.dn`)
    .replace(/\bjavax\.naming\.ldap\.Rdn\.escapeValue\b/g, 'escapeRdn')
  return isForeign(own) || assignsUndeclared(own) ? null : own
}

function pattern(methods: string, rest: string): RegExp {
  return new RegExp(`\\b(srcBean|dstBean)\\s*\\.\\s*(?:${methods})\\s*${rest}`, 'g')
}

function sideOf(bean: string): string {
  return bean === 'srcBean' ? 'source' : 'destination'
}

function member(object: string, attribute: string): string {
  return /^[A-Za-z_]\w*$/.test(attribute) ? `${object}.${attribute}` : `${object}['${attribute}']`
}

function isForeign(code: string): boolean {
  return foreign.test(withoutTexts(code))
}

/** Ours are strict. */
function assignsUndeclared(code: string): boolean {
  return /(?:^|[;{}\n])\s*[A-Za-z_$][\w$]*\s*=(?!=)/.test(withoutTexts(code))
}

function withoutTexts(code: string): string {
  return tokens(code)
    .map(({ kind, text }) => (kind === 'literal' && !/^\d/.test(text) ? '""' : text))
    .join('')
}
