import { commandText } from '../messages/command-text.ts'
import { codeOf } from '../problems/thrown.ts'

const keys = {
  ERR_PARSE_ARGS_UNKNOWN_OPTION: 'command.wrongUse.option',
  ERR_PARSE_ARGS_INVALID_OPTION_VALUE: 'command.wrongUse.value',
  ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL: 'command.wrongUse.word',
} as const

/** What `parseArgs` holds against how a command was called, in the operator's language; null for any other error. */
export function wrongUse(error: unknown, command: string): string | null {
  const key = Object.entries(keys).find(([code]) => code === codeOf(error))?.[1]
  if (key === undefined || !(error instanceof Error)) return null
  // Node says which word it is in its English text only: `Option '--config <value>' argument missing`.
  const [, word = '?'] = /'(.+?)(?: <value>)?'/s.exec(error.message) ?? []
  return `${commandText(key, { word })}\n${commandText('command.wrongUse.help', { command })}`
}
