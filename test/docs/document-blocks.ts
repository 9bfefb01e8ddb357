import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const document = readFileSync(join(import.meta.dirname, '../../docs/directories.md'), 'utf8')

/** Blocks of one language in one section (`## ...`) of docs/directories.md, in their order. Throws when there are none. */
export function blocksOf(section: string, language: string): string[] {
  const part = document.split(/^## /m).find((candidate) => candidate.startsWith(`${section}\n`)) ?? ''
  const found = [...part.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))]
  if (found.length === 0) throw new Error(`no ${language} in the section ${section}`)
  return found.flatMap(([, block]) => block ?? [])
}

/** Puts values in the place of what a reader replaces. */
export function fillIn(block: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((filled, [name, value]) => filled.replaceAll(name, value), block)
}
