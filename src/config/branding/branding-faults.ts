import type { ConfigFault, Finding } from '../config-fault.ts'
import { findAll, nodeAt, type MapNode } from '../source-tree.ts'
import { readBrandingFile, type BrandingUse } from './branding-file.ts'
import type { BrandingConfig } from './branding-schema.ts'

/** The keys that name files of the branding, and what each is for. */
export const brandingFiles = {
  'tenants[].branding.logo': 'logo',
  'tenants[].branding.logoDark': 'logo',
  'tenants[].branding.icon': 'icon',
  'tenants[].branding.legal.fr': 'text',
  'tenants[].branding.legal.en': 'text',
  'tenants[].branding.accessibility.fr': 'text',
  'tenants[].branding.accessibility.en': 'text',
} as const satisfies Record<string, BrandingUse>

/** What is wrong with the files that the branding names. Their paths are whole already. */
export async function brandingFaults(root: MapNode): Promise<ConfigFault[]> {
  const named = Object.entries(brandingFiles).flatMap(([pattern, use]) =>
    findAll(root, pattern).map((path) => ({ path, use, node: nodeAt(root, path) })),
  )
  const faults = named.map(async ({ path, use, node }): Promise<ConfigFault[]> => {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') return []
    const read = await readBrandingFile(node.value, use)
    return 'fault' in read ? [{ place: node.place, path, ...read.fault }] : []
  })
  return (await Promise.all(faults)).flat()
}

/** What the branding says that makes no sense alone. */
export function brandingFindings({
  logo,
  logoDark,
  logoHasName,
  colour,
  colourDark,
}: BrandingConfig): Finding[] {
  const findings: Finding[] = []
  if (logo === undefined && logoDark !== undefined)
    findings.push({ path: ['logoDark'], expected: '`logo` beside it, for the light scheme' })
  if (logo === undefined && logoHasName)
    findings.push({ path: ['logoHasName'], expected: '`logo` beside it' })
  if (colour === undefined && colourDark !== undefined)
    findings.push({
      path: ['colourDark'],
      expected: '`colour` beside it, for the light scheme and for buttons',
    })
  return findings
}
