import { Attribute, Bean } from './bean.js'
import { HashMap, HashSet } from './java-collections.js'

/**
 * What LSC's scripts see, as global variables, so that functions of includes see them too. Of `words`, the names that the code mentions, only those are set:
 * anew before every expression, since scripts assign to whatever they like.
 */
export function makeLscScope(words) {
  const used = Object.entries(makers).filter(([name]) => words.includes(name))
  for (const name of Object.keys(makers)) {
    Object.defineProperty(globalThis, name, {
      value: undefined,
      writable: true,
      enumerable: false,
      configurable: true,
    })
  }
  return {
    leaks: true,
    names: Object.keys(makers),
    enter: (rows, extra) => ({
      rows,
      srcBean: beanOf(rows[0]),
      dstBean: beanOf(rows[1]),
      extra: extra ?? {},
    }),
    run(code, seen, isValue, attribute) {
      for (const [name, make] of used) globalThis[name] = make(seen, isValue, attribute)
      return code()
    },
  }
}

const makers = {
  srcBean: (seen) => seen.srcBean,
  // Of an entry that is to be created: LSC leaves it undefined for values and null for the rest.
  dstBean: (seen, isValue) => seen.dstBean ?? (isValue ? undefined : null),
  srcValues: (seen, _, attribute) => new HashSet(valuesOf(seen.rows[0], attribute)),
  dstValues: (seen, _, attribute) => new HashSet(valuesOf(seen.rows[1], attribute)),
  srcAttr: (seen, _, attribute) => attributeOf(seen.rows[0], attribute),
  dstAttr: (seen, _, attribute) => attributeOf(seen.rows[1], attribute),
  value: ({ extra }) => extra.value ?? '',
  pivotAttributes: ({ extra }) => pivotMap(extra.pivots ?? {}),
  custom: () => [],
  nocreate: ({ extra }) => extra.flags?.nocreate ?? false,
  noupdate: ({ extra }) => extra.flags?.noupdate ?? false,
  nodelete: ({ extra }) => extra.flags?.nodelete ?? false,
  nomodrdn: ({ extra }) => extra.flags?.nomodrdn ?? false,
}

function beanOf(row) {
  return row === null || row === 1 ? null : new Bean(row)
}

function valuesOf(row, attribute) {
  return row === null || row === 1 || attribute === undefined ? [] : row.values(attribute)
}

function attributeOf(row, attribute) {
  const values = valuesOf(row, attribute)
  return values.length === 0 ? null : new Attribute(attribute, values)
}

/** Both `pivotAttributes["uid"]` and `pivotAttributes.get("uid")`. */
function pivotMap(pivots) {
  const map = new HashMap()
  for (const [name, value] of Object.entries(pivots)) {
    map.put(name, value)
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true })
  }
  return map
}
