import { z } from 'zod'
import type { ScriptDirectory, Surface } from './expressions.ts'

const dn = z.string()
const side = z.enum(['source', 'destination'])
const request = z.discriminatedUnion('act', [
  z.object({
    act: z.literal('search'),
    side,
    base: dn,
    scope: z.enum(['base', 'one', 'sub']),
    filter: z.string(),
    attributes: z.array(z.string()),
  }),
  z.object({ act: z.literal('bind'), url: z.string(), dn, password: z.string() }),
  z.object({ act: z.literal('search-bind'), url: z.string(), password: z.string() }),
  z.object({ act: z.literal('next'), dn, attribute: z.string() }),
])
type Request = z.infer<typeof request>

export type Reads = {
  /** Request and answer are JSON, as `realm/lsc-directory.js` writes and reads them. */
  answer(request: string): Promise<string>
  /** What was found before may have changed since. */
  forget(): void
}

/** Answers what the scripts of an imported task ask of directories. The same search is done once until `forget`: members of groups are looked up again and again. */
export function answerReads(directories: NonNullable<Surface['reads']>): Reads {
  const found = new Map<string, Promise<string>>()
  const answer = async (asked: Request): Promise<string> => JSON.stringify(await answerTo(directories, asked))
  return {
    answer(text) {
      const asked = request.parse(JSON.parse(text))
      if (asked.act !== 'search') return answer(asked)
      const known = found.get(text) ?? answer(asked)
      found.set(text, known)
      return known
    },
    forget: () => found.clear(),
  }
}

async function answerTo(directories: NonNullable<Surface['reads']>, asked: Request): Promise<unknown> {
  switch (asked.act) {
    case 'search': {
      const { base, scope, filter, attributes } = asked
      const records = await directoryOf(directories, asked.side).search(base, scope, filter, attributes)
      const [attribute] = attributes
      return records.map((record) => ({
        name: record.name,
        values: attribute === undefined ? [] : record.values(attribute).map(String),
      }))
    }
    case 'bind':
      return await anyOf(directories).canBind(asked.url, asked.dn, asked.password)
    case 'search-bind':
      return await anyOf(directories).canBindFound(asked.url, asked.password)
    case 'next':
      return await directoryOf(directories, 'destination').nextValue(asked.dn, asked.attribute)
  }
}

function directoryOf(
  directories: NonNullable<Surface['reads']>,
  wanted: 'source' | 'destination',
): ScriptDirectory {
  const directory = directories[wanted]
  if (directory === undefined) throw new Error(`the ${wanted} of this task is no directory`)
  return directory
}

function anyOf({ destination, source }: NonNullable<Surface['reads']>): ScriptDirectory {
  const directory = destination ?? source
  if (directory === undefined) throw new Error('this task reads no directory')
  return directory
}
