import type { Fault } from '../../problems/problem.ts'
import { rulesOf, violationsOf, type OwnWords, type PasswordPolicy } from './password-policy.ts'
import { strengthOf } from './password-strength.ts'

/** A rule of the policy, and whether a password keeps it; null while there is none. */
export type JudgedRule = { rule: Fault; isKept: boolean | null }

export type Judgement = {
  rules: readonly JudgedRule[]
  /** 0 (guessed at once) to 4 (very hard to guess); null while there is no password. Advice: it decides nothing. */
  strength: 0 | 1 | 2 | 3 | 4 | null
}

/** How a password that is being typed stands to the rules: all of those that are always shown, and others that it breaks. */
export function judgePassword(policy: PasswordPolicy, password: string, own: OwnWords): Judgement {
  const usual = rulesOf(policy)
  if (password === '') return { rules: usual.map((rule) => ({ rule, isKept: null })), strength: null }
  const broken = violationsOf(policy, password, own)
  const isBroken = ({ reason }: Fault) => broken.some((fault) => fault.reason === reason)
  const further = broken.filter(({ reason }) => !usual.some((rule) => rule.reason === reason))
  return {
    rules: [
      ...usual.map((rule) => ({ rule, isKept: !isBroken(rule) })),
      ...further.map((rule) => ({ rule, isKept: false })),
    ],
    strength: strengthOf(password, own),
  }
}
