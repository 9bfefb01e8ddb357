/** A name as ours are: `SyncUsers_AD` becomes `syncusers-ad`. LSC does not tell capitals apart either. */
export function slug(name: string): string {
  const small = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return /^[a-z]/.test(small) ? small : `t-${small}`
}
