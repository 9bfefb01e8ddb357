import type { ScriptDirectory, Surface } from './expressions.ts'

type Directories = NonNullable<Surface['reads']>

/**
 * The same directories, where a sequence is only looked at: for plans that nobody will ever apply. (A preview is not one of them: it can be approved, and a number
 * in it must not be given twice.)
 */
export function withoutCounting({ source, destination }: Directories): Directories {
  return {
    ...(source && { source: looking(source) }),
    ...(destination && { destination: looking(destination) }),
  }
}

function looking(directory: ScriptDirectory): ScriptDirectory {
  const given = new Map<string, number>()
  return {
    ...directory,
    async nextValue(dn, attribute) {
      const key = `${dn} ${attribute}`.toLowerCase()
      const [entry] = await directory.search(dn, 'base', '(objectClass=*)', [attribute])
      const last = given.get(key) ?? Number(entry?.values(attribute)[0] ?? Number.NaN)
      if (Number.isNaN(last)) return -1
      given.set(key, last + 1)
      return last + 1
    },
  }
}
