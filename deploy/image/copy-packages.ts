import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { type InstalledPackage, shippedPackages } from './installed-packages.ts'

/** Packages that load files of their own from where they lie, machine code or WebAssembly: they are not bundled. */
export const wholePackages = [
  'sharp',
  'oracledb',
  '@jitl/quickjs-wasmfile-release-sync',
  '@jitl/quickjs-wasmfile-release-asyncify',
]

/** Files of packages that the program reads (`import.meta.resolve`). */
const readFiles = ['@picocss/pico/css/pico.min.css', 'htmx.org/dist/htmx.min.js']

const names = z.record(z.string(), z.string()).default({})
const packageFile = z.object({ dependencies: names, optionalDependencies: names })

/**
 * Copies what the bundle leaves outside from the `node_modules` of `root` into that of `into`: whole packages with all that they need. Of every other
 * package its package.json, by which scanners see that it is inside and of which version.
 */
export function copyPackages(root: string, into: string): void {
  const packages = shippedPackages(root)
  const whole = withNeeded(wholePackages, packages)
  const target = (path: string): string => join(into, relative(root, path))
  for (const { name, folder } of packages) {
    if (whole.has(name)) cpSync(folder, target(folder), { recursive: true, dereference: true })
    else copyFile(join(folder, 'package.json'), target(join(folder, 'package.json')))
  }
  for (const file of readFiles) {
    const path = join(root, 'node_modules', file)
    copyFile(path, target(path))
  }
}

/** By name: all versions of it. Few packages are whole, and none of them is there twice. */
function withNeeded(wanted: readonly string[], packages: readonly InstalledPackage[]): Set<string> {
  const found = new Set<string>()
  const add = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    for (const { folder } of packages.filter((each) => each.name === name)) {
      const file = packageFile.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
      for (const needed of Object.keys({ ...file.dependencies, ...file.optionalDependencies })) add(needed)
    }
  }
  for (const name of wanted) add(name)
  return found
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
}
