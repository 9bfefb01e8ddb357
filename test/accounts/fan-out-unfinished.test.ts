import { describe, expect, test } from 'vitest'
import { finishChange } from '../../src/accounts/finish-change.ts'
import { finishReset } from '../../src/accounts/finish-reset.ts'
import type { EphemeralStore } from '../../src/store/ephemeral.ts'
import { password, useTwoDirectories, written } from './use-two-directories.ts'

const { desk, second, tenant, accountIdFor, backAgain, proves, reset, change, finish } = useTwoDirectories()

/** A store that lets go of who has claimed an unfinished write only when told to. */
function heldUp(ephemeral: EphemeralStore) {
  const [claimed, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const held: EphemeralStore = {
    ...ephemeral,
    compareAndSet: async (...given) => {
      const isSet = await ephemeral.compareAndSet(...given)
      claimed.resolve()
      await released.promise
      return isSet
    },
  }
  return { ephemeral: held, entered: claimed.promise, release: () => released.resolve() }
}

describe('while the second directory is down', () => {
  test('the first has the new password, and the second gets it when it is back, from the same agent only', async () => {
    await second().kill()
    const started = performance.now()
    const result = await reset('u000014')
    expect(performance.now() - started).toBeLessThan(1_500)
    expect(result).toMatchObject({
      targets: [written('main'), { directory: 'second', outcome: 'failed', reason: 'directory-unavailable' }],
      isComplete: false,
    })
    const id = String(result.retry)
    expect(await proves('main', 'u000014', password)).toMatchObject({ outcome: 'accepted' })

    const still = await finish('hugo', 'u000014', id)
    expect(still).toMatchObject({ targets: [{ outcome: 'failed' }], isComplete: false })
    await backAgain('second')
    expect(await proves('second', 'u000014', 'pw-u000014')).toMatchObject({ outcome: 'accepted' })
    for (const [agent, made] of [
      ['ada', String(still.retry)],
      ['hugo', 'made-up'],
      ['hugo', id],
    ] as const)
      await expect(finish(agent, 'u000014', made)).rejects.toMatchObject({ code: 'not-found' })

    const done = await finish('hugo', 'u000014', String(still.retry))
    expect(done).toEqual({ targets: [written('second')], isComplete: true, retry: null })
    expect(await proves('second', 'u000014', password)).toMatchObject({ outcome: 'accepted' })
    await expect(finish('hugo', 'u000014', String(still.retry))).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a newer password ends what was left of an older one', async () => {
    await second().kill()
    const { retry } = await reset('u000015')
    await backAgain('second')
    await reset('u000015', { password: 'a newer sentence, for both' })
    await expect(finish('hugo', 'u000015', String(retry))).rejects.toMatchObject({ code: 'not-found' })
    expect(await proves('second', 'u000015', 'a newer sentence, for both')).toMatchObject({
      outcome: 'accepted',
    })
  })

  test('a newer password ends what is left of an older one also while that is being written', async () => {
    await second().kill()
    const { retry } = await reset('u000019')
    await backAgain('second')
    const { entered, release, ephemeral } = heldUp(desk.services().ephemeral)
    const permit = await desk.permit('hugo', 'account.reset', tenant())
    const given = { id: String(retry), origin: {} }
    const late = finishReset({ ...desk.services(), ephemeral }, permit, 'u000019', given, new Date())
    const outcome = late.catch((error: unknown) => error)
    await entered
    const newer = { password: 'a newer sentence, for both' }
    expect(await reset('u000019', newer)).toMatchObject({ isComplete: true })
    release()
    expect(await outcome).toMatchObject({ code: 'not-found' })
    expect(await proves('second', 'u000019', newer.password)).toMatchObject({ outcome: 'accepted' })
  })

  test('what is kept for the retry is not in clear', async () => {
    await second().kill()
    await reset('u000016')
    const kept = await desk
      .services()
      .ephemeral.get(`password-unfinished:acme:${await accountIdFor('u000016')}`)
    await backAgain('second')
    expect(kept).not.toBeNull()
    expect(kept).not.toContain(password)
  })

  test('a person who changes their own password brings it there themselves', async () => {
    await second().kill()
    const result = await change('u000017', 'pw-u000017', password)
    await backAgain('second')
    expect(result).toMatchObject({
      targets: [{ directory: 'main' }, { outcome: 'failed' }],
      isComplete: false,
    })
    const [id, given] = [await accountIdFor('u000017'), { id: String(result.retry), origin: {} }]
    expect(await finishChange(desk.services(), tenant(), id, given, new Date())).toMatchObject({
      isComplete: true,
    })
    expect(await proves('second', 'u000017', password)).toMatchObject({ outcome: 'accepted' })
  })

  test('nothing is written when it is the first that is down', async () => {
    await desk.slapd().kill()
    await expect(change('u000018', 'pw-u000018', password)).rejects.toMatchObject({
      code: 'directory-unavailable',
    })
    await backAgain('main')
    expect(await proves('second', 'u000018', 'pw-u000018')).toMatchObject({ outcome: 'accepted' })
  })
})
