import { interactionPolicy } from 'oidc-provider'

const { Check, base } = interactionPolicy

/** When people are asked to sign in or to consent: the library's rules and one of ours. */
export function createInteractionPolicy(): ReturnType<typeof base> {
  const policy = base()
  const hasGoneAccount = new Check('account_gone', 'the account is not there any more', ({ oidc }) => {
    const isGone = oidc.session?.accountId !== undefined && oidc.account === undefined
    return isGone ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT
  })
  policy.get('login')?.checks.add(hasGoneAccount)
  return policy
}
