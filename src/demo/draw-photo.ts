import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { DrawnAttribute } from '../directory/embedded/drawn-attribute.ts'
import type { Entry } from '../ldap/entry.ts'
import { portrait } from './portrait.ts'

/** Of ten people, so many have a photo. */
const photographed = 6

/** Photos of the demo's people, JPEG of 240 by 240 pixels: the same for the same login, drawn when somebody looks. */
export function demoPhotos(): DrawnAttribute {
  const drawn = new LRUCache<string, Promise<Buffer>>({ max: 200 })
  return {
    name: 'jpegPhoto',
    has: (entry) => isPerson(entry) && (traitsOf(entry)[0] ?? 0) % 10 < photographed,
    draw(entry) {
      const known = drawn.get(entry.dn)
      if (known !== undefined) return known
      const drawing = draw(portrait(traitsOf(entry).subarray(1)))
      drawn.set(entry.dn, drawing)
      drawing.catch(() => drawn.delete(entry.dn))
      return drawing
    },
  }
}

function isPerson(entry: Entry): boolean {
  return /^uid=[^,]+,ou=people,/.test(entry.dn)
}

/** Bytes that decide of everything. Of the DN, not of the id: that differs in every installation. */
function traitsOf({ dn }: Entry): Buffer {
  return hash('sha256', `picture of ${dn}`, 'buffer')
}

async function draw(svg: string): Promise<Buffer> {
  // Loaded with the first photo: the library takes memory that most processes never need.
  const { default: sharp } = await import('sharp')
  return await sharp(Buffer.from(svg)).flatten().jpeg({ quality: 85 }).toBuffer()
}
