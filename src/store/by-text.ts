import { isMessageKey, type Translate } from '../messages/message.ts'

/** Who did it, for people: the schedule, somebody at the command line (`command: root`), or a name. */
export function byText(t: Translate, by: string): string {
  const [, place = '', operator] = /^(schedule|command)(?:: (.*))?$/.exec(by) ?? []
  const key = `sync.by.${place}`
  if (!isMessageKey(key)) return by
  return operator === undefined ? t(key) : `${t(key)} (${operator})`
}
