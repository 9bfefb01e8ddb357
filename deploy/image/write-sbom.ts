import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { lockedPackages, readPackageFile, shippedPackages } from './installed-packages.ts'

/** CycloneDX 1.6 of the packages that are really there. Nothing in it depends on when or where: the same tree gives the same bytes. */
const [into = 'sbom.cdx.json', root = '.'] = process.argv.slice(2)
const product = readPackageFile(join(root, 'package.json'))
const locked = lockedPackages(root)

const components = shippedPackages(root).map(({ name, version, licence, folder }) => ({
  type: 'library',
  'bom-ref': relative(root, folder),
  name,
  version,
  purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  licenses: [licence.includes(' ') ? { expression: licence } : { license: named(licence) }],
  hashes: hashesOf(locked[relative(root, folder)]?.integrity),
}))
const { name, version, license: id } = product
const component = { type: 'application', 'bom-ref': 'idaas', name, version, licenses: [{ license: { id } }] }
const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  version: 1,
  metadata: { component },
  components,
}
writeFileSync(into, `${JSON.stringify(bom, null, 2)}\n`)

/** CycloneDX takes SPDX's identifiers for an id, and any other name for a name. */
function named(licence: string): { id: string } | { name: string } {
  return licence === 'BSD-0-Clause' || licence === 'unknown' ? { name: licence } : { id: licence }
}

/** npm writes base64, CycloneDX hexadecimal. */
function hashesOf(integrity: string | undefined): { alg: 'SHA-512'; content: string }[] {
  const sha512 = /^sha512-(.+)$/.exec(integrity ?? '')?.[1]
  if (sha512 === undefined) return []
  return [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }]
}
