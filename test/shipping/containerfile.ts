import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export type Instruction = { name: string; flags: ReadonlyMap<string, string>; text: string }
export type Stage = { base: string; name: string; instructions: Instruction[] }

/** The stages of deploy/Containerfile, in their order; what stands before the first is left out. */
export function readContainerfile(): Stage[] {
  const text = readFileSync(join(root, 'deploy/Containerfile'), 'utf8')
  const stages: Stage[] = []
  for (const line of logicalLines(text)) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/s.exec(line) ?? []
    if (name === 'FROM') {
      const [base = '', , stage = ''] = rest.split(/\s+/)
      stages.push({ base, name: stage, instructions: [] })
    } else stages.at(-1)?.instructions.push({ name, ...withoutFlags(rest) })
  }
  return stages
}

/** Without comments, continued lines in one. */
function logicalLines(text: string): string[] {
  const kept = text.split('\n').filter((line) => !line.startsWith('#'))
  const joined = kept.join('\n').replaceAll(/\\\n\s*/g, '')
  return joined.split('\n').filter((line) => line.trim() !== '')
}

function withoutFlags(text: string): Pick<Instruction, 'flags' | 'text'> {
  const flags = new Map<string, string>()
  let rest = text
  for (
    let flag = /^--([a-z]+)=(\S+)\s+/.exec(rest);
    flag !== null;
    flag = /^--([a-z]+)=(\S+)\s+/.exec(rest)
  ) {
    flags.set(flag[1] ?? '', flag[2] ?? '')
    rest = rest.slice(flag[0].length)
  }
  return { flags, text: rest }
}

/** `a="b" c=d`, as LABEL and ENV have it. */
export function pairsOf({ text }: Instruction): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S+))/g)]
  return Object.fromEntries(pairs.map(([, key = '', quoted, bare]) => [key, quoted ?? bare ?? '']))
}
