import { interactionPolicy } from 'oidc-provider'

const { Check, base } = interactionPolicy

/** When people are asked to sign in or to consent: the library's rules and one of ours. */
export function createInteractionPolicy(): ReturnType<typeof base> {
  const policy = base()
  const { REQUEST_PROMPT, NO_NEED_TO_PROMPT } = Check
  const goneAccount = new Check('account_gone', 'sign-in is required', 'login_required', ({ oidc }) =>
    oidc.session?.accountId !== undefined && oidc.account === undefined ? REQUEST_PROMPT : NO_NEED_TO_PROMPT,
  )
  policy.get('login')?.checks.add(goneAccount)
  return policy
}
