import { isAttributeName } from '../ldap/attribute-name.ts'
import { parseDn } from '../ldap/dn.ts'
import { parseFilter } from '../ldap/filter.ts'

/** Why the text is no DN; undefined for a DN. The same for the others, for their kind of text. */
export function dnFault(text: string): string | undefined {
  return parses(parseDn, text) ? undefined : 'a DN (RFC 4514): ou=people,dc=example,dc=org'
}

export function filterFault(text: string): string | undefined {
  return parses(parseFilter, text) ? undefined : 'an LDAP filter (RFC 4515): (objectClass=person)'
}

export function attributeFault(text: string): string | undefined {
  return isAttributeName(text) ? undefined : 'the name of an attribute: uid'
}

/** `{agent.attribute}` stands within a value, or alone for a whole DN. */
export function reachBaseFault(text: string): string | undefined {
  return hasOnlyAgentHoles(text) ? dnFault(text.replace(/^\{agent\.[^}]*\}$/, '')) : agentHole
}

export function reachFilterFault(text: string): string | undefined {
  return hasOnlyAgentHoles(text) ? filterFault(text) : agentHole
}

const agentHole = '{agent.attribute} or {agent.parent} where braces are used'

function hasOnlyAgentHoles(text: string): boolean {
  return !/[{}]/.test(text.replaceAll(/\{agent\.[A-Za-z][\w-]*\}/g, ''))
}

function parses(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
