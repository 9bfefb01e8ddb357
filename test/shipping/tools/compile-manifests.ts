import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeManifest, type Manifest } from './model-of.ts'

const tsc = join(import.meta.dirname, '../../../node_modules/typescript/bin/tsc')
const options = { module: 'nodenext', strict: true, noEmit: true, skipLibCheck: true, types: [] }

/**
 * Faults of manifests that the compiler finds, each held against the declaration of its kind: a key that is not there at any depth (with what it may have
 * been meant to be), a value of another type. The validators of the models let unknown keys through. A fifth of a second for hundreds of manifests.
 */
export function compileManifests(
  manifests: readonly { manifest: Manifest; model: string }[],
): readonly string[] {
  if (manifests.length === 0) return []
  const folder = mkdtempSync(join(tmpdir(), 'idaas-manifests-'))
  try {
    const lines = manifests.map(({ manifest, model }, index) => lineOf(manifest, model, index))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'))
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['manifests.ts'] }),
    )
    const { stdout, stderr, status } = spawnSync(process.execPath, [tsc, '--pretty', 'false', '-p', folder], {
      encoding: 'utf8',
      cwd: folder,
    })
    const faults = stdout.split('\n').flatMap((line) => faultOf(line, manifests))
    if (status !== 0 && faults.length === 0) throw new Error(`tsc: ${stdout}${stderr}`)
    return faults
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** One line each, so that the number of the line tells which manifest it is about. */
function lineOf(manifest: Manifest, model: string, index: number): string {
  const name = `M${index}`
  const type = `import type { I${manifest.kind} as ${name} } from ${JSON.stringify(`${model}.js`)}`
  // The compiler guesses what a key was meant to be only where it stands without quotation marks.
  const literal = JSON.stringify(manifest).replaceAll(/(?<=[{,])"([A-Za-z]\w*)":/g, '$1:')
  return `${type}; export const m${index} = ${literal} satisfies ${name}`
}

function faultOf(line: string, manifests: readonly { manifest: Manifest }[]): string[] {
  const found = /^manifests\.ts\((\d+),\d+\): error TS\d+: (.*)/.exec(line)
  const about = manifests[Number(found?.[1]) - 1]
  return about === undefined ? [] : [`${describeManifest(about.manifest)}: ${found?.[2]}`]
}
