import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ConfigFault, Path } from './config-fault.ts'
import { codeOf } from '../problems/thrown.ts'
import { reasonOf } from './read-source.ts'
import type { ScalarNode, SourceNode } from './source-tree.ts'

/** `isLacking`: the reference is sound, and what it names is not there. */
export type Unreplaced = ConfigFault & { isLacking: boolean }

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Replaces `${env:NAME}` and `${file:/path}` within every text of the tree, in place; `$${` stands for `${`. In the scripts of synchronization tasks any other `${` is
 * JavaScript's, and stays. What comes in is
 * never read again for further references. A file's path is relative to the file that names it, and one newline at its end
 * is no part of the value (editors and `kubectl` put it there). Returns what could not be replaced.
 */
export async function substitute(root: SourceNode, env: Environment): Promise<Unreplaced[]> {
  const texts = [...scalars(root, [])].filter(
    ({ node }) => typeof node.value === 'string' && node.value.includes('${'),
  )
  const faults = await Promise.all(texts.map(({ node, path }) => substituteIn(node, path, env)))
  return faults.flat()
}

function* scalars(node: SourceNode, path: Path): Iterable<{ node: ScalarNode; path: Path }> {
  if (node.kind === 'scalar') yield { node, path }
  else if (node.kind === 'list')
    for (const [index, item] of node.items.entries()) yield* scalars(item, [...path, index])
  else for (const [key, entry] of node.entries) yield* scalars(entry.node, [...path, key])
}

async function substituteIn(node: ScalarNode, path: Path, env: Environment): Promise<Unreplaced[]> {
  const written = String(node.value)
  const pieces = written.split(/(\$\$\{|\$\{[^}]*\}?)/)
  const isScript = path.includes('sync') && path.includes('tasks')
  const resolved = await Promise.all(
    pieces.map(async (piece) =>
      isScript && isJavaScript(piece) ? { text: piece } : await resolvePiece(piece, node, env),
    ),
  )
  node.written = written
  node.value = resolved.map((piece) => ('text' in piece ? piece.text : '')).join('')
  return resolved.flatMap((piece) => ('text' in piece ? [] : [{ place: node.place, path, ...piece }]))
}

function isJavaScript(piece: string): boolean {
  return piece.startsWith('${') && !/^\$\{(?:env|file):/.test(piece)
}

type Resolved = { text: string } | { found: string; expected: string; isLacking: boolean }

async function resolvePiece(piece: string, node: ScalarNode, env: Environment): Promise<Resolved> {
  if (piece === '$${') return { text: '${' }
  if (!piece.startsWith('${')) return { text: piece }
  const [, kind, name] = /^\$\{(env|file):([^}]+)\}$/.exec(piece) ?? []
  // The reference itself is not shown: an unclosed `${` may be the middle of a password.
  if (name === undefined)
    return {
      found: 'a `${` that is no reference',
      expected: '${env:NAME}, ${file:/path}, or $${ for the characters ${',
      isLacking: false,
    }
  if (kind === 'file') return readReference(name, node)
  const text = env[name]
  return text === undefined
    ? {
        found: `\${env:${name}}, which is not set`,
        expected: `the environment variable ${name}`,
        isLacking: true,
      }
    : { text }
}

async function readReference(name: string, node: ScalarNode): Promise<Resolved> {
  try {
    const text = await readFile(resolve(dirname(node.place.file), name), 'utf8')
    return { text: text.replace(/\r?\n$/, '') }
  } catch (error) {
    return {
      found: `\${file:${name}}: ${reasonOf(error)}`,
      expected: 'a file that can be read',
      isLacking: codeOf(error) === 'ENOENT',
    }
  }
}
