import { ArrayList } from './java-collections.js'
import { splitDn } from './ldap-names.js'

/**
 * `ldap` (destination), `srcLdap` (source), `LDAP` and `SequencesFactory` of LSC's scripts. `directories`: context DN of each side that is an LDAP directory.
 * They read only: what a script wants to write is refused, because no plan, guard or undo would see it.
 */
export function makeDirectories(host, directories) {
  const ask = (request) => JSON.parse(host.read(JSON.stringify(request)))
  const ldap =
    directories.destination === undefined
      ? undefined
      : makeHelper(ask, 'destination', directories.destination)
  return {
    ldap,
    srcLdap: directories.source === undefined ? undefined : makeHelper(ask, 'source', directories.source),
    LDAP: {
      canBind(url, ...given) {
        const [dn, password] = given.slice(-2)
        return ask({ act: 'bind', url, dn, password })
      },
      /** The URL has a base, a scope and a filter that fit one entry. */
      canBindSearchRebind: (url, ...given) => ask({ act: 'search-bind', url, password: given.at(-1) }),
    },
    SequencesFactory: {
      getInstance: () => ({
        getNextValue: (dn, attribute) =>
          ask({ act: 'next', dn: absolute(dn, directories.destination ?? ''), attribute }),
        getCurrentValue: (dn, attribute) => Number(ldap?.attribute(dn, attribute)?.[0] ?? -1),
      }),
    },
  }
}

function makeHelper(ask, side, context) {
  const find = (base, scope, filter, attributes) =>
    ask({
      act: 'search',
      side,
      base: absolute(base, context),
      scope,
      filter: withParentheses(filter),
      attributes,
    })
  const names = (scope) =>
    pairs((base, filter) => find(base, scope, filter, []).map(({ name }) => relative(name, base, context)))
  const firsts = (scope) => (base, filter, attribute) =>
    new ArrayList(find(base, scope, filter, [attribute]).map(({ values }) => values[0] ?? ''))
  const exists = (dn, filter = '(objectClass=*)') => find(dn, 'base', filter, []).length > 0
  return {
    search: names('sub'),
    list: names('one'),
    read: names('base'),
    searchAttribute: firsts('sub'),
    listAttribute: firsts('one'),
    attribute: pairs((dn, attribute) => find(dn, 'base', '(objectClass=*)', [attribute])[0]?.values, true),
    exists: (dn, filter) =>
      pairs((one, test) => (exists(one, test) ? [one] : []))(dn, filter ?? '(objectClass=*)'),
    or: (one, other) => new ArrayList([...listOf(one), ...listOf(other)]),
    and: (one, other) => new ArrayList(listOf(one).filter((element) => listOf(other).includes(element))),
    retain: (one, other) => new ArrayList(listOf(one).filter((element) => !listOf(other).includes(element))),
    sup: pairs((dn, levels) => ancestors(dn, Number(levels), context)),
    fsup: pairs((dn, filter) =>
      ancestors(dn, 0, context)
        .filter((one) => exists(one, filter))
        .slice(0, 1),
    ),
    getContextDn: () => context,
    getJndiServices: () => ({
      apply() {
        throw new TypeError(
          'a script cannot write into a directory here: see the clean phase and the conditions of the task',
        )
      },
    }),
  }
}

/** Each argument is one text or a list of them: every pair is asked for. Null in, null out; `orNull`: null also for nothing found. */
function pairs(ask, orNull = false) {
  return (one, other) => {
    if (one === null || one === undefined || other === null || other === undefined) return null
    const found = listOf(one).flatMap((first) => listOf(other).flatMap((second) => ask(first, second) ?? []))
    return orNull && found.length === 0 ? null : new ArrayList(found)
  }
}

function listOf(given) {
  if (given === null || given === undefined) return []
  return Array.isArray(given) ? Array.from(given, String) : [String(given)]
}

function withParentheses(filter) {
  return filter.startsWith('(') ? filter : `(${filter})`
}

/** The ancestor so many levels up; with 0 the DN itself and all its ancestors, up to the context. */
function ancestors(dn, levels, context) {
  const rdns = splitDn(dn)
  if (levels > 0) return rdns.length > levels ? [rdns.slice(levels).join(',')] : []
  const count = isWithin(dn, context) ? rdns.length - splitDn(context).length + 1 : rdns.length
  return levels < 0 ? [] : Array.from({ length: count }, (_, index) => rdns.slice(index).join(','))
}

/** LSC's DNs are relative to the context; absolute ones are left alone. */
function absolute(dn, context) {
  const text = String(dn ?? '').replace(/,\s*$/, '')
  if (text === '') return context
  return context === '' || isWithin(text, context) ? text : `${text},${context}`
}

function relative(name, base, context) {
  // Whoever gave an absolute base gets absolute DNs.
  if (context === '' || (base !== '' && isWithin(base, context))) return name
  return isWithin(name, context)
    ? splitDn(name)
        .slice(0, -splitDn(context).length || undefined)
        .join(',')
    : name
}

function isWithin(dn, context) {
  const [inner, outer] = [splitDn(dn), splitDn(context)].map((rdns) => rdns.map((rdn) => rdn.toLowerCase()))
  return (
    outer.length <= inner.length &&
    outer.every((rdn, index) => rdn === inner[inner.length - outer.length + index])
  )
}
