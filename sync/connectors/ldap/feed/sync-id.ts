/** An `entryUUID` (8-4-4-4-12 digits), from the 16 bytes by which synchronization names an entry. */
export function syncId(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
