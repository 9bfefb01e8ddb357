import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

export type InstalledPackage = { name: string; version: string; licence: string; folder: string }

const stated = z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)])
const packageFile = z.object({
  name: z.string(),
  version: z.string(),
  license: stated.optional(),
  // Old packages list several, of which one may be chosen.
  licenses: z.array(stated).optional(),
})

/** Every package in the `node_modules` of a folder, those within packages too, in the order of their folders. */
export function installedPackages(root: string): InstalledPackage[] {
  const files = globSync('node_modules/**/package.json', { cwd: root }).filter(isPackage).toSorted()
  return files.map((file) => {
    const { name, version, license, licenses } = readPackageFile(join(root, file))
    const licence = license ?? licenses?.join(' OR ') ?? 'unknown'
    return { name, version, licence, folder: dirname(join(root, file)) }
  })
}

/** What a package.json says of its package. */
export function readPackageFile(file: string): z.infer<typeof packageFile> {
  return packageFile.parse(JSON.parse(readFileSync(file, 'utf8')))
}

/** Packages hold other files of that name, which say how a folder is to be loaded. */
function isPackage(file: string): boolean {
  return /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file)
}
