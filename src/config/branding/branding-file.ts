import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { reasonOf } from '../read-source.ts'
import { svgFault } from './svg-fault.ts'

/** What is asked of a file: a logo, an icon, a text of a page. */
export type BrandingUse = 'logo' | 'icon' | 'text'

export type BrandingFile = { bytes: Buffer; ending: string; type: string }

/** What is wrong, to complete "found ..." and "expected ...". */
export type FileFault = { found: string; expected: string }

const mostBytes = 200_000

const types: Readonly<Record<string, string>> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
}

const endings = {
  logo: ['.svg', '.png', '.jpg', '.jpeg', '.webp'],
  icon: ['.svg', '.png'],
  text: ['.md', '.txt'],
} as const satisfies Record<BrandingUse, readonly string[]>

/** Reads a file of the branding whole, or says why it cannot be one. It is believed for its bytes, not for its name. */
export async function readBrandingFile(
  path: string,
  use: BrandingUse,
): Promise<BrandingFile | { fault: FileFault }> {
  const ending = extname(path).toLowerCase()
  const [type, allowed] = [types[ending], endings[use]]
  if (type === undefined || !allowed.some((each) => each === ending))
    return wrong(path, `a file ${allowed.join(', ').replace(/, ([^,]+)$/, ' or $1')}`)
  try {
    const { size } = await stat(path)
    if (size > mostBytes) return wrong(`${path}: ${Math.ceil(size / 1_000)} kB`, 'at most 200 kB')
    const bytes = await readFile(path)
    const found = contentFault(bytes, ending)
    return found === undefined
      ? { bytes, ending, type }
      : wrong(`${path}: ${found}`, ending === '.svg' ? drawing : `what its name says (${ending})`)
  } catch (error) {
    return wrong(`${path}: ${reasonOf(error)}`, 'a file that can be read')
  }
}

const drawing =
  'an SVG that is a drawing and nothing else: no script, no handler, no animation, nothing from outside'

function wrong(found: string, expected: string): { fault: FileFault } {
  return { fault: { found, expected } }
}

function contentFault(bytes: Buffer, ending: string): string | undefined {
  const signature = signatures[ending]
  if (signature !== undefined)
    return signature.test(bytes.toString('latin1', 0, 12)) ? undefined : 'other bytes'
  const text = utf8(bytes)
  if (text === undefined) return 'a file that is not UTF-8'
  if (text.trim() === '') return 'nothing in it'
  return ending === '.svg' ? svgFault(text) : undefined
}

const signatures: Readonly<Record<string, RegExp>> = {
  '.png': /^\x89PNG\r\n\x1a\n/,
  '.jpg': /^\xff\xd8\xff/,
  '.jpeg': /^\xff\xd8\xff/,
  '.webp': /^RIFF[^]{4}WEBP/,
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
