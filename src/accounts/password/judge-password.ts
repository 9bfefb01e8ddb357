import { normalizePassword } from '../../directory/accepted-password.ts'
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

/**
 * How a password that is being typed stands to the rules: all of those that are always shown, and others that it breaks. `serverLength`: the
 * fewest characters that the directory takes, 0 when it has no such rule or does not say.
 */
export async function judgePassword(
  policy: PasswordPolicy,
  password: string,
  own: OwnWords,
  serverLength = 0,
): Promise<Judgement> {
  const judgement = await judgeByPolicy(policy, password, own)
  const min = Math.max(serverLength, ...judgement.rules.flatMap(({ rule }) => shortest(rule)))
  if (min === 0 || min > serverLength) return judgement
  // The server's rule takes the place of a weaker one of ours. It counts bytes or characters: here characters, so that what is kept is so for both.
  const isKept = password === '' ? null : Array.from(normalizePassword(password)).length >= min
  const server: JudgedRule = { rule: { field: 'password', reason: 'too-short', params: { min } }, isKept }
  return {
    ...judgement,
    rules: [server, ...judgement.rules.filter(({ rule }) => rule.reason !== 'too-short')],
  }
}

function shortest({ reason, params }: Fault): number[] {
  return reason === 'too-short' ? [Number(params?.['min'] ?? 0)] : []
}

/** The rules before anything is typed. */
export function rulesToJudge(policy: PasswordPolicy): Judgement {
  return { rules: rulesOf(policy).map((rule) => ({ rule, isKept: null })), strength: null }
}

async function judgeByPolicy(policy: PasswordPolicy, password: string, own: OwnWords): Promise<Judgement> {
  if (password === '') return rulesToJudge(policy)
  const usual = rulesOf(policy)
  const broken = await violationsOf(policy, password, own)
  const isBroken = ({ reason }: Fault) => broken.some((fault) => fault.reason === reason)
  const further = broken.filter(({ reason }) => !usual.some((rule) => rule.reason === reason))
  return {
    rules: [
      ...usual.map((rule) => ({ rule, isKept: !isBroken(rule) })),
      ...further.map((rule) => ({ rule, isKept: false })),
    ],
    strength: await strengthOf(password, own),
  }
}
