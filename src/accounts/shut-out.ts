import type { AccountState, Condition } from '../directory/account-state.ts'

/**
 * Whether nobody may sign in, or stay signed in, with the account: disabled, not yet or no longer valid, closed by another system, locked by an agent. We hold to
 * it also where the server does not. A lock by the directory's policy is not among them: anybody can cause one by guessing.
 */
export function isShutOut(state: AccountState): boolean {
  return state.conditions.some(shutsOut)
}

function shutsOut(condition: Condition): boolean {
  switch (condition.kind) {
    case 'disabled':
    case 'not-started':
    case 'ended':
    case 'closed-elsewhere':
      return true
    case 'locked':
      return condition.by === 'agent'
    case 'idle':
    case 'password-expired':
    case 'must-change':
    case 'password-expiring':
    case 'ending':
    case 'no-password':
    case 'password-elsewhere':
    case 'never-signed-in':
    case 'dormant':
      return false
  }
}

const unheard: ReadonlySet<Condition['kind']> = new Set([
  'locked',
  'disabled',
  'not-started',
  'ended',
  'idle',
  'closed-elsewhere',
])

/**
 * Whether the server refuses the account whatever the password, which it may do faster than it hashes one. An expired password is not among that: it
 * is proven first.
 */
export function isRefusedUnheard({ canSignIn, conditions }: AccountState): boolean {
  return !canSignIn && conditions.some(({ kind }) => unheard.has(kind))
}
