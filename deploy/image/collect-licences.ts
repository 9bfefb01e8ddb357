import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type InstalledPackage, shippedPackages } from './installed-packages.ts'

/** Under which a package may be in the image: all are open source, and none asks that what stands beside it be under it too. */
const accepted = [
  '0BSD',
  'BSD-0-Clause', // htmx means 0BSD
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'LGPL-3.0-or-later', // libvips, which is linked when it is loaded
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'UPL-1.0',
  'Unlicense',
]
const texts = /^(licen[cs]e|copying|notice|third[-_]?party)/i

const [into = 'licenses', root = '.'] = process.argv.slice(2)
const packages = shippedPackages(root)
const refused = packages.filter(({ licence }) => !isAccepted(licence))
if (refused.length > 0) {
  const named = refused.map(({ name, version, licence }) => `${name}@${version}: ${licence}`)
  throw new Error(`licences that collect-licences.ts does not accept:\n${named.join('\n')}`)
}
mkdirSync(into, { recursive: true })
copyFileSync(join(root, 'LICENSE'), join(into, 'LICENSE'))
for (const each of packages) copyTexts(each)
const lines = packages.map(({ name, version, licence }) => `${name}@${version}  ${licence}\n`)
writeFileSync(join(into, 'PACKAGES'), [...new Set(lines)].join(''))

/** `MIT OR GPL-2.0`: one of them is enough; `Apache-2.0 AND MIT`: each is needed. */
function isAccepted(licence: string): boolean {
  const alternatives = licence.replaceAll(/[()]/g, '').split(' OR ')
  return alternatives.some((all) => all.split(' AND ').every((one) => accepted.includes(one)))
}

/** A package without such a file says its licence in package.json alone, which PACKAGES repeats. */
function copyTexts({ name, version, folder }: InstalledPackage): void {
  const files = readdirSync(folder, { withFileTypes: true }).filter(
    (file) => file.isFile() && texts.test(file.name),
  )
  if (files.length === 0) return
  const target = join(into, 'npm', `${name}@${version}`)
  mkdirSync(target, { recursive: true })
  for (const file of files) copyFileSync(join(folder, file.name), join(target, file.name))
}
