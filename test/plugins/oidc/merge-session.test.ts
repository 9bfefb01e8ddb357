import { describe, expect, test } from 'vitest'
import { mergeSession } from '../../../plugins/oidc/artefacts/merge-session.ts'
import { opens, rotateHandles } from '../../../plugins/oidc/artefacts/session-document.ts'

const base = {
  uid: 'u',
  accountId: 'people.a',
  loginTs: 100,
  exp: 1_000,
  authorizations: { mail: { sid: '1', grantId: 'g1' }, wiki: { sid: '2', grantId: 'g2' } },
}

describe('merging what two requests made of one session', () => {
  test('clients that the other one added stay, ours come to them', () => {
    const ours = {
      ...base,
      exp: 1_100,
      authorizations: { ...base.authorizations, files: { sid: '3', grantId: 'g3' } },
    }
    const theirs = {
      ...base,
      exp: 1_050,
      authorizations: { ...base.authorizations, chat: { sid: '4', grantId: 'g4' } },
    }
    const merged = mergeSession(base, ours, theirs)
    expect(Object.keys(merged.authorizations ?? {}).toSorted()).toEqual(['chat', 'files', 'mail', 'wiki'])
    expect(merged.exp).toBe(1_100)
  })

  test('a client that was taken out on purpose does not come back, whichever came first', () => {
    const { mail: _, ...withoutMail } = base.authorizations
    const signedOut = { ...base, authorizations: withoutMail }
    const added = { ...base, authorizations: { ...base.authorizations, files: { grantId: 'g3' } } }
    expect(mergeSession(base, signedOut, added).authorizations).toEqual({
      ...withoutMail,
      files: { grantId: 'g3' },
    })
    expect(mergeSession(base, added, signedOut).authorizations).toEqual({
      ...withoutMail,
      files: { grantId: 'g3' },
    })
  })

  test('a sign-in of the other one stays when we left the person alone', () => {
    const theirs = { ...base, loginTs: 200 }
    expect(mergeSession(base, { ...base, exp: 1_100 }, theirs)).toMatchObject({ loginTs: 200 })
    expect(mergeSession(base, { ...base, state: { secret: 's' } }, theirs)).toMatchObject({
      state: { secret: 's' },
    })
    expect(
      mergeSession({ ...base, state: { secret: 's' } }, base, { ...theirs, state: { secret: 's' } }),
    ).not.toHaveProperty('state')
  })
})

describe('the cookie values that open a session', () => {
  const before = [{ hash: 'old' }]

  test('a new one takes over, the former one opens it until it ends', () => {
    const handles = rotateHandles(before, { hash: 'new', before, until: 110 }, 100)
    expect(handles).toEqual([{ hash: 'new' }, { hash: 'old', until: 110 }])
    const document = { payload: {}, handles }
    expect([opens(document, 'old', 109), opens(document, 'old', 110), opens(document, 'new', 999)]).toEqual([
      true,
      false,
      true,
    ])
  })

  test('a former one is not prolonged by the next change', () => {
    const handles = [{ hash: 'new' }, { hash: 'old', until: 110 }]
    expect(rotateHandles(handles, { hash: 'newer', before: handles, until: 118 }, 108)).toEqual([
      { hash: 'newer' },
      { hash: 'new', until: 118 },
      { hash: 'old', until: 110 },
    ])
  })

  test('one that another request made meanwhile stays, but not over a sign-in', () => {
    const stored = [{ hash: 'theirs' }, { hash: 'old', until: 110 }]
    expect(rotateHandles(stored, { hash: 'ours', before, until: 111 }, 101)).toContainEqual({
      hash: 'theirs',
    })
    expect(rotateHandles(stored, { hash: 'ours', before, until: undefined }, 101)).toEqual([{ hash: 'ours' }])
  })
})
