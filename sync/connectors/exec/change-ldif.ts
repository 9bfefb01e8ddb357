import type { LdifChange, LdifRecord } from '../../../src/ldap/ldif.ts'
import { newDn } from '../../../src/ldap/new-dn.ts'
import type { Change } from '../../plan/change.ts'
import type { Value, Values } from '../../record.ts'
import { ApplyFailure } from '../connector.ts'

/** An operation as a change record of LDIF (RFC 2849). Throws ApplyFailure for what LDIF has no word for. */
export function ldifChange(change: Change): LdifRecord {
  return { line: 0, controls: [], change: requestOf(change) }
}

function requestOf(change: Change): LdifChange {
  const { name: dn } = change
  switch (change.kind) {
    case 'create':
      return {
        type: 'add',
        dn,
        attributes: [...change.attributes].map(([name, values]) => ({ name, values: bytes(values) })),
      }
    case 'update':
      return {
        type: 'modify',
        dn,
        changes: change.modifications.map((each) => ({ ...each, values: bytes(each.values) })),
      }
    case 'rename':
      return { type: 'modifyDn', dn, ...newDn(dn, change.to) }
    case 'delete':
      return { type: 'delete', dn }
    case 'disable':
    case 'enable':
      throw new ApplyFailure(
        'refused',
        'disable',
        'programs know no accounts; a task can write an attribute instead',
      )
  }
}

function bytes(values: Values): Buffer[] {
  return values.map((value: Value) => Buffer.from(value))
}
