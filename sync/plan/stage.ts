import { parseDn } from '../../src/ldap/dn.ts'
import type { Comparison } from '../connectors/connector.ts'
import type { Change } from './change.ts'

const CREATES = 1_000
const UPDATES = 2_000
const REFERENCES = 3_000
const SOFT_DELETES = 4_000
const DELETES = 5_000
const DEEPEST = 400

/**
 * When an operation runs: parents are made before their children, what refers to other entries after those, updates when everything has its name, references
 * that new entries wait for after that, and deletes last, children first.
 */
export function stageOf(change: Change, names: Comparison['names'], refers = false): number {
  const depth = (name: string): number => (names === 'dn' ? Math.min(DEEPEST, parseDn(name).length) : 0)
  switch (change.kind) {
    case 'create':
      return CREATES + 2 * depth(change.name) + (refers ? 1 : 0)
    case 'rename':
      return CREATES + 2 * depth(change.to)
    case 'update':
      return refers ? REFERENCES : UPDATES
    case 'disable':
    case 'enable':
      return SOFT_DELETES
    case 'delete':
      return DELETES + DEEPEST - depth(change.name)
  }
}
