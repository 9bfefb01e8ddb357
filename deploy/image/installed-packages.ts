import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
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

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({ integrity: z.string().optional(), dev: z.boolean().default(false) }),
  ),
})

/** The packages of the lockfile of `root` by their folder, `node_modules/fastify`. */
export function lockedPackages(root: string): z.infer<typeof lockfile>['packages'] {
  return lockfile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))).packages
}

/** Those that the program needs when it runs: what only builds or checks it is left out. */
export function shippedPackages(root: string): InstalledPackage[] {
  const locked = lockedPackages(root)
  return installedPackages(root).filter(({ folder }) => locked[relative(root, folder)]?.dev !== true)
}

/** What a package.json says of its package. */
export function readPackageFile(file: string): z.infer<typeof packageFile> {
  return packageFile.parse(JSON.parse(readFileSync(file, 'utf8')))
}

/** Packages hold other files of that name, which say how a folder is to be loaded. */
function isPackage(file: string): boolean {
  return /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file)
}
