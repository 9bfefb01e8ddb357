import { posix } from 'node:path'
import { z } from 'zod'

/**
 * The table in .oxlintrc.json. A place is a folder (`src/ldap/`) or a file (`src/app.ts`), relative to the checkout; `*`
 * stands for one name. `areas`: who may import whom (`!` takes a place away again); the first row that fits a file counts, and
 * each folder or file that fits is an area of its own. `doors`: the only places that may import a library.
 */
export const tableSchema = z.object({
  areas: z.record(z.string(), z.array(z.string())),
  doors: z.record(z.string(), z.array(z.string())),
})

export type ImportTable = z.infer<typeof tableSchema>

/** What is wrong with `import '<specifier>'` in `file` (relative to the checkout) and what to do, or undefined. */
export function importFault(table: ImportTable, file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return areaFault(table, file, posix.join(posix.dirname(file), specifier))
  if (/^(\/|file:)/.test(specifier)) return outside(specifier)
  return doorFault(table, file, specifier)
}

function areaFault({ areas }: ImportTable, file: string, target: string): string | undefined {
  const from = findArea(areas, file)
  const to = findArea(areas, target)
  if (from === undefined) return outside(file)
  if (to === undefined) return outside(target)
  if (from.area === to.area || isAllowed(from.mayImport, target)) return undefined
  const allowed = from.mayImport.length === 0 ? 'nothing else of ours' : `only ${from.mayImport.join(', ')}`
  return (
    `${from.area} must not know ${to.area}: arrows point one way, so that each area can be read, tested and replaced without ` +
    `what is above it. It may import ${allowed}. Move what both need to one of these, or let src/app.ts or src/main.ts hand it in.`
  )
}

function isAllowed(places: readonly string[], target: string): boolean {
  const isTakenAway = places.some((place) => place.startsWith('!') && fits(place.slice(1), target))
  return !isTakenAway && places.some((place) => fits(place, target))
}

function outside(path: string): string {
  return (
    `${path} is in no area of the import table in .oxlintrc.json, so nobody knows what it may use. ` +
    'Put the file into the area it belongs to; a new area gets its row there first.'
  )
}

function doorFault({ doors }: ImportTable, file: string, specifier: string): string | undefined {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const places = Object.entries(doors).find(([library]) => pattern(library).test(name))?.[1]
  if (places === undefined || places.some((place) => fits(place, file))) return undefined
  return (
    `${name} has one door, ${places.join(' and ')}, so that it can be replaced or mended in one place. ` +
    'Call a function from there, or add one.'
  )
}

function findArea(
  areas: ImportTable['areas'],
  path: string,
): { area: string; mayImport: readonly string[] } | undefined {
  for (const [place, mayImport] of Object.entries(areas)) {
    const area = fits(place, path)
    if (area !== undefined) return { area, mayImport }
  }
  return undefined
}

/** The part of the path that the place names, or undefined when the path is elsewhere. */
function fits(place: string, path: string): string | undefined {
  const match = pattern(place).exec(path)
  return match?.[0]
}

function pattern(place: string): RegExp {
  const source = place.replace(/[.+^$()|{}[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]+')
  return new RegExp(place.endsWith('/') ? `^${source}` : `^${source}$`)
}
