import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { createPhotos } from '../../../plugins/white-pages/photos.ts'

const photos = createPhotos()
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#2980b9' } })

async function infoOf(image: Buffer | null) {
  if (image === null) return null
  const { format, width, height, exif, icc, xmp } = await sharp(image).metadata()
  return { format, width, height, hasMetadata: [exif, icc, xmp].some((part) => part !== undefined) }
}

describe('a photo', () => {
  test.each(['jpeg', 'png', 'webp'] as const)(
    'in %s becomes a square JPEG without metadata',
    async (format) => {
      const image = await picture(240, 320)
        .withExif({ IFD0: { Copyright: 'secret place' } })
        .toFormat(format)
        .toBuffer()
      const made = await photos.resize('main.1', image, '192')
      expect(await infoOf(made)).toEqual({ format: 'jpeg', width: 192, height: 192, hasMetadata: false })
      expect(made?.includes('secret place')).toBe(false)
    },
  )

  test('is turned as the camera was held', async () => {
    const halves = sharp({
      create: { width: 200, height: 100, channels: 3, background: '#ffffff' },
    }).composite([{ input: await picture(100, 100).png().toBuffer(), left: 0, top: 0 }])
    // Orientation 6: to be turned clockwise, so that what is on the left comes to the top.
    const image = await halves.withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const made = await photos.resize('main.2', image, '96')
    const { data } = await sharp(made ?? Buffer.alloc(0))
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(data[0]).toBeLessThan(100)
  })

  test('is made once, and named by what it is made of', async () => {
    const image = await picture(50, 50).png().toBuffer()
    const [first, second] = await Promise.all([1, 2].map(() => photos.resize('main.3', image, '96')))
    expect(first).toBe(second)
    expect(await photos.resize('main.3', image, '96')).toBe(first)
    expect(photos.tagOf(image, '96')).not.toBe(photos.tagOf(Buffer.concat([image, image]), '96'))
    expect(photos.tagOf(image, '96')).not.toBe(photos.tagOf(image, '192'))
  })
})

describe('what is no photo', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ['text', () => Buffer.from('photo')],
    ['nothing', () => Buffer.alloc(0)],
    ['a drawing that could load other files', () => Buffer.from(svg)],
    ['a format that nobody needs', () => picture(9, 9).tiff().toBuffer()],
    ['a cut picture', async () => (await picture(300, 300).png().toBuffer()).subarray(0, 200)],
    [
      'a picture of more than 5 MiB',
      async () => Buffer.concat([await picture(9, 9).jpeg().toBuffer(), Buffer.alloc(5 * 2 ** 20)]),
    ],
    ['a small file of many pixels', () => picture(10_000, 10_000).png({ compressionLevel: 9 }).toBuffer()],
  ])('%s is refused', async (_what, image) => {
    expect(await photos.resize('main.4', await image(), '96')).toBeNull()
  })
})
