import { isMap, type ApiObject } from './api-object.ts'

/** Label selectors as in a query: `a=b,c!=d,e in (f,g),h,!i`; and of fields, by path: `status.phase=Running`. */
export function selects(labels: string | null, fields: string | null): (object: ApiObject) => boolean {
  const conditions = [...terms(labels).map(labelCondition), ...terms(fields).map(fieldCondition)]
  return (object) => conditions.every((condition) => condition(object))
}

/** Split at commas that are not within parentheses. */
function terms(selector: string | null): string[] {
  return (selector ?? '')
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
}

function labelCondition(term: string): (object: ApiObject) => boolean {
  const [, key = '', operator, value = ''] =
    /^([^\s=!]+)\s*(==?|!=|\bin\b|\bnotin\b)\s*\(?([^)]*)\)?$/.exec(term) ?? []
  if (operator === undefined) {
    const isAbsent = term.startsWith('!')
    return ({ metadata: { labels } }) => term.replace('!', '') in (labels ?? {}) !== isAbsent
  }
  const values = value.split(',').map((each) => each.trim())
  const isWanted = operator !== '!=' && operator !== 'notin'
  return ({ metadata: { labels } }) => values.includes(labels?.[key] ?? '') === isWanted
}

function fieldCondition(term: string): (object: ApiObject) => boolean {
  const [, path = '', operator, value] = /^([^=!]+)(==?|!=)(.*)$/.exec(term) ?? []
  return (object) => (String(fieldOf(object, path)) === value) === (operator !== '!=')
}

function fieldOf(object: unknown, path: string): unknown {
  return path.split('.').reduce((value, key) => (isMap(value) ? value[key] : undefined), object)
}
