import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readPackageFile } from './installed-packages.ts'

/**
 * Writes deploy/releases/VERSION.yaml: the digests of a release, for who wants to pull exactly that, or to know what it was built on.
 *
 *     node deploy/image/write-release.ts --image NAME@sha256:… --base NAME@sha256:… --builder NAME@sha256:… --chart NAME@sha256:… --sbom FILE
 */
const { values } = parseArgs({
  options: {
    image: { type: 'string' },
    base: { type: 'string' },
    builder: { type: 'string' },
    chart: { type: 'string' },
    sbom: { type: 'string' },
    into: { type: 'string', default: 'deploy/releases' },
  },
})
const { version } = readPackageFile(join(import.meta.dirname, '../../package.json'))
const { sbom, into } = values
if (sbom === undefined) throw new Error('--sbom is missing')
const lines = [
  `# Written by deploy/image/write-release.ts when ${version} was built.`,
  `version: ${version}`,
  `image: ${pinned('image')}`,
  `chart: ${pinned('chart')}`,
  'builtOn:',
  `  base: ${pinned('base')}`,
  `  builder: ${pinned('builder')}`,
  `sbom: sha256:${hash('sha256', readFileSync(sbom))}`,
]
mkdirSync(into, { recursive: true })
writeFileSync(join(into, `${version}.yaml`), `${lines.join('\n')}\n`)

/** A tag says what it likes tomorrow: only a digest is written down. */
function pinned(name: 'image' | 'base' | 'builder' | 'chart'): string {
  const value = values[name]
  if (value === undefined || !/^[^@\s]+@sha256:[0-9a-f]{64}$/.test(value))
    throw new Error(`--${name} wants NAME@sha256:…, not ${value ?? 'nothing'}`)
  return value
}
