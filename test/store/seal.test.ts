import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealer, SealBroken } from '../../src/store/seal.ts'

const newKey = (): string => randomBytes(32).toString('hex')

describe('a sealer', () => {
  test('opens what it sealed, whatever it is', () => {
    const sealer = createSealer([newKey()])
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (secret, context) => {
        const sealed = sealer.seal('mail', context, secret)
        expect(sealer.open('mail', context, sealed).toString()).toBe(Buffer.from(secret).toString())
        expect(sealer.seal('mail', context, secret)).not.toBe(sealed)
      }),
      { numRuns: 200 },
    )
  })

  test('opens nothing that was moved to another tenant or row, or is used for something else', () => {
    const sealer = createSealer([newKey()])
    const rows = Array.from({ length: 1000 }, (_, row) => String(row))
    const sealed = rows.map((row) => sealer.seal('audit', ['acme', row], 'secret'))
    for (const [index, value] of sealed.entries()) {
      const elsewhere = rows[(index + 1) % rows.length] ?? ''
      expect(() => sealer.open('audit', ['acme', elsewhere], value)).toThrow(SealBroken)
    }
    const [first = ''] = sealed
    expect(() => sealer.open('audit', ['other', '0'], first)).toThrow(SealBroken)
    expect(() => sealer.open('audit', ['acme0'], first)).toThrow(SealBroken)
    expect(() => sealer.open('mail', ['acme', '0'], first)).toThrow(SealBroken)
  })

  test('opens nothing in which a character was changed or cut', () => {
    const sealer = createSealer([newKey()])
    const sealed = sealer.seal('mail', [], 'secret')
    for (let at = 0; at < sealed.length - 1; at++) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
      expect(() => sealer.open('mail', [], changed)).toThrow(SealBroken)
      expect(() => sealer.open('mail', [], sealed.slice(0, at))).toThrow(SealBroken)
    }
  })

  test('knows its own signatures only', () => {
    const sealer = createSealer([newKey()])
    const mac = sealer.mac('audit', 'text')
    expect(sealer.isMac('audit', 'text', mac)).toBe(true)
    expect(sealer.isMac('audit', 'text2', mac)).toBe(false)
    expect(sealer.isMac('mail', 'text', mac)).toBe(false)
    expect(createSealer([newKey()]).isMac('audit', 'text', mac)).toBe(false)
  })
})

describe('when keys are rotated', () => {
  const [oldKey, key] = [newKey(), newKey()]
  const before = createSealer([oldKey])
  const during = createSealer([key, oldKey])
  const after = createSealer([key])

  test('what the old key sealed opens as long as the key is listed', () => {
    const sealed = before.seal('oidc', ['acme'], 'secret')
    expect(during.open('oidc', ['acme'], sealed).toString()).toBe('secret')
    expect(() => after.open('oidc', ['acme'], sealed)).toThrow(SealBroken)
  })

  test('the new key writes', () => {
    expect(after.open('oidc', ['acme'], during.seal('oidc', ['acme'], 'secret')).toString()).toBe('secret')
    expect(during.keys('cookie')).toEqual([...after.keys('cookie'), ...before.keys('cookie')])
    expect(during.isMac('audit', 'text', before.mac('audit', 'text'))).toBe(true)
    expect(during.macs('audit', 'text')).toEqual([after.mac('audit', 'text'), before.mac('audit', 'text')])
  })
})

test('a key may be hex or base64url; anything but 32 bytes is refused', () => {
  const bytes = randomBytes(32)
  const sealed = createSealer([bytes.toString('hex')]).seal('mail', [], 'secret')
  expect(
    createSealer([bytes.toString('base64url')])
      .open('mail', [], sealed)
      .toString(),
  ).toBe('secret')
  expect(() => createSealer([randomBytes(33).toString('base64url')])).toThrow('32 bytes')
  expect(() => createSealer([])).toThrow('at least one')
})
