import type { ActRefusal } from '../../src/accounts/offered-acts.ts'
import type { DeskAct } from '../../src/accounts/reason.ts'
import { isMessageKey, type Translate } from '../../src/messages/message.ts'

/** Why the act would come to nothing, and what to do instead: for the act itself where that differs. */
export function refusalText(t: Translate, act: DeskAct, refused: ActRefusal): string {
  const own = `act.refused.not-supported.${act}`
  return t(refused === 'not-supported' && isMessageKey(own) ? own : `act.refused.${refused}`)
}
