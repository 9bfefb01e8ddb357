import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import type { OwnWords } from './password-policy.ts'

/** Longer input costs zxcvbn seconds, and needs no advice. */
const LOOKED_AT = 64

let kept: Promise<ZxcvbnFactory> | undefined

/** Made when first asked for: most replicas' days bring few new passwords, and its tables are 6 MiB. */
function zxcvbn(): Promise<ZxcvbnFactory> {
  kept ??= makeZxcvbn()
  return kept
}

async function makeZxcvbn(): Promise<ZxcvbnFactory> {
  const [core, { dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  // With every dictionary and l33t variant a check takes up to 2.9 s; with these settings half a millisecond.
  return new core.ZxcvbnFactory({
    dictionary: { passwords: dictionary['passwords-common'] },
    l33tMaxSubstitutions: 1,
  })
}

/** How hard the password is to guess, 0 (at once) to 4 (very hard). Advice for the person; it never decides. */
export async function strengthOf(password: string, own: OwnWords): Promise<0 | 1 | 2 | 3 | 4> {
  return (await zxcvbn()).check(password.slice(0, LOOKED_AT), [...own]).score
}
