import { z } from 'zod'

const kept = 200

const frame = z.object({
  type: z.string().optional(),
  code: z.union([z.string(), z.number()]).optional(),
  stack: z.string().optional(),
})
const line = z.object({
  time: z.union([z.string(), z.number()]),
  level: z.enum(['warn', 'error', 'fatal']),
  msg: z.string().optional(),
  requestId: z.string().optional(),
  tenant: z.string().optional(),
  problem: z.string().optional(),
  err: frame.optional(),
  error: frame.optional(),
})

/** What the program itself says in its lines; anything else may have come from somebody's request. */
const ownWords = /^[a-z][a-z ,:-]{0,80}$/i

/**
 * The last 200 warnings and errors of a log (one line of JSON each). Of an error its type, code and places in the code: its message may name a person, a DN or what was
 * asked for.
 */
export function errorLines(log: string): string {
  const found = log.split('\n').flatMap((text) => {
    const parsed = line.safeParse(parse(text))
    return parsed.success ? [safe(parsed.data)] : []
  })
  return found
    .slice(-kept)
    .map((one) => `${JSON.stringify(one)}\n`)
    .join('')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function safe({ err, error, msg, ...rest }: z.infer<typeof line>) {
  const { type, code, stack = '' } = err ?? error ?? {}
  const places = stack.split('\n').filter((text) => /^ {4}at /.test(text))
  return { ...rest, msg: msg !== undefined && ownWords.test(msg) ? msg : undefined, type, code, places }
}
