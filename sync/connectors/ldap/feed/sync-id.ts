import type { DirectoryKind } from '../../../../src/config/directory-schema.ts'

/** Ends of the groups of digits: `entryUUID` (8-4-4-4-12), and `nsUniqueId` of 389-DS (8-8-8-8). */
const GROUPS: Readonly<Record<DirectoryKind, readonly number[]>> = {
  openldap: [8, 12, 16, 20, 32],
  'active-directory': [8, 12, 16, 20, 32],
  ds389: [8, 16, 24, 32],
}

/** The id of an entry as its attribute has it, from the 16 bytes by which synchronization names it. */
export function syncId(bytes: Buffer, kind: DirectoryKind): string {
  const hex = bytes.toString('hex')
  return GROUPS[kind].map((end, group, ends) => hex.slice(ends[group - 1] ?? 0, end)).join('-')
}
