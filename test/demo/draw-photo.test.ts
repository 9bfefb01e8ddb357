import sharp from 'sharp'
import { expect, it } from 'vitest'
import { demoPhotos } from '../../src/demo/draw-photo.ts'
import { parseLdif } from '../../src/ldap/ldif.ts'
import { makeDemoLdif } from '../support/demo-ldif.ts'

const entries = parseLdif(makeDemoLdif()).flatMap((record) => ('entry' in record ? [record.entry] : []))
const people = entries.filter(({ dn }) => dn.startsWith('uid='))
const photos = demoPhotos()

it('gives six of ten people a photo, and nothing else one', () => {
  const share = people.filter(photos.has).length / people.length
  expect(share).toBeGreaterThan(0.55)
  expect(share).toBeLessThan(0.65)
  expect(entries.filter((entry) => !people.includes(entry)).filter(photos.has)).toEqual([])
})

it('draws small JPEGs, the same each time, another for each person', async () => {
  const drawn = await Promise.all(people.slice(0, 40).map(photos.draw))
  expect(Math.max(...drawn.map(({ byteLength }) => byteLength))).toBeLessThan(12_288)
  expect(await sharp(drawn[0]).metadata()).toMatchObject({ format: 'jpeg', width: 240, height: 240 })
  expect(new Set(drawn.map((photo) => photo.toString('base64'))).size).toBe(40)
  const again = await Promise.all(people.slice(0, 3).map(demoPhotos().draw))
  expect(again).toEqual(drawn.slice(0, 3))
})
