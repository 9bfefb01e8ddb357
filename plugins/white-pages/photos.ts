import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Sharp } from 'sharp'

/** Edge of the square in pixels: lists, cards, and both on a dense screen. */
export const photoSizes = ['96', '192', '384'] as const
export type PhotoSize = (typeof photoSizes)[number]

/** What a directory may hold, and what is kept ready of it. */
const MOST_BYTES = 5 * 2 ** 20
const MOST_PIXELS = 40_000_000
const MOST_KEPT_BYTES = 32 * 2 ** 20

export type Photos = {
  /** Names the picture that `resize` makes, before it is made. */
  tagOf(image: Buffer, size: PhotoSize): string
  /** A square JPEG without any metadata; null for what is no picture of a format that we take. */
  resize(accountId: string, image: Buffer, size: PhotoSize): Promise<Buffer | null>
}

type Made = { jpeg: Buffer | null }

/** Makes pictures of what directories hold, which may be anything, and keeps the last ones. */
export function createPhotos(): Photos {
  const kept = new LRUCache<string, Made>({
    maxSize: MOST_KEPT_BYTES,
    sizeCalculation: ({ jpeg }, key) => key.length + (jpeg?.byteLength ?? 0),
  })
  const making = new Map<string, Promise<Made>>()

  async function makeOnce(key: string, image: Buffer, size: PhotoSize): Promise<Made> {
    const running = making.get(key) ?? make(image, Number(size))
    making.set(key, running)
    try {
      const made = await running
      kept.set(key, made)
      return made
    } finally {
      making.delete(key)
    }
  }

  return {
    tagOf: (image, size) => `"${hashOf(image)}-${size}"`,
    async resize(accountId, image, size) {
      const key = `${accountId} ${hashOf(image)} ${size}`
      return (kept.get(key) ?? (await makeOnce(key, image, size))).jpeg
    },
  }
}

function hashOf(image: Buffer): string {
  return hash('sha256', image, 'base64url').slice(0, 22)
}

async function make(image: Buffer, edge: number): Promise<Made> {
  if (image.byteLength > MOST_BYTES || !isTaken(image)) return { jpeg: null }
  const open = await openSharp()
  try {
    const jpeg = await open(image)
      // What the camera noted about the way it was held, before that note is dropped with all others.
      .autoOrient()
      .resize(edge, edge, { fit: 'cover', position: 'top' })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 82 })
      .toBuffer()
    return { jpeg }
  } catch {
    return { jpeg: null }
  }
}

/** JPEG, PNG or WebP by their first bytes: the library has decoders of many more formats, which nobody outside should reach. */
function isTaken(image: Buffer): boolean {
  const start = image.toString('latin1', 0, 12)
  return /^(?:\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF[\s\S]{4}WEBP)/.test(start)
}

let opening: Promise<(image: Buffer) => Sharp> | null = null

/** Loaded with the first photo: the library takes memory that most processes never need. */
function openSharp(): Promise<(image: Buffer) => Sharp> {
  opening ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    sharp.concurrency(1)
    return (image) => sharp(image, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
  })
  return opening
}
