import { formatLdif } from '../../src/ldap/ldif-writer.ts'
import { ldifChange } from '../connectors/exec/change-ldif.ts'
import type { Change, Modification } from '../plan/change.ts'
import type { Value } from '../record.ts'
import type { Hook } from '../task/task.ts'

/** What a hook reads, as LSC wrote it: a change record, or the modifications as JSON. */
export function hookInput(format: Hook['format'], change: Change): string {
  return format === 'ldif'
    ? formatLdif(ldifChange(change))
    : JSON.stringify(modificationsOf(change).map(inJson))
}

function modificationsOf(change: Change): readonly Modification[] {
  if (change.kind === 'update') return change.modifications
  if (change.kind !== 'create') return []
  return [...change.attributes].map(([attribute, values]) => ({ operation: 'add', attribute, values }))
}

const operations = { add: 'ADD_VALUES', replace: 'REPLACE_VALUES', delete: 'DELETE_VALUES' } as const

function inJson({ operation, attribute, values }: Modification) {
  return { attributeName: attribute, values: values.map(asText), operation: operations[operation] }
}

function asText(value: Value): string {
  return typeof value === 'string' ? value : value.toString('base64')
}
