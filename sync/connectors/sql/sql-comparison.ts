import type { Comparison } from '../connector.ts'
import type { FormedColumn } from './row-form.ts'
import type { SqlTable } from './sql-table.ts'

/** Values are compared as their columns hold them: numbers, dates and truths by what they are, text letter by letter. */
export function sqlComparison({ columns, key }: SqlTable): Comparison {
  const byName = new Map(columns.map((column) => [column.attribute, column]))
  const find = (attribute: string): FormedColumn | undefined => byName.get(attribute.toLowerCase())
  return {
    key: (attribute, value) => find(attribute)?.values.key(value) ?? String(value),
    names: 'key',
    keyAttribute: key.attribute,
    sameName: (one, other) => key.values.key(one) === key.values.key(other),
    isReference: () => false,
    isRequired: () => false,
    isSingleValued: (attribute) => {
      const column = find(attribute)
      return column !== undefined && !column.column.isArray && column.separator === undefined
    },
    isWritable: (attribute) => find(attribute) !== undefined,
    isKnown: (attribute) => find(attribute) !== undefined,
  }
}
