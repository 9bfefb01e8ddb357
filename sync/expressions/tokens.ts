/** A piece of JavaScript: all pieces together are the code again. */
export type Token = { readonly kind: 'space' | 'word' | 'literal' | 'sign'; readonly text: string }

const pieces =
  /(?<space>\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(?<literal>"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\d[\w.]*)|(?<word>[\p{L}_$][\p{L}\p{N}_$]*)|[\s\S]/uy
const regularExpression = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
/** After these a slash begins a regular expression; after other words and after values it divides. */
const beforeExpression = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'new',
  'delete',
  'void',
  'do',
  'else',
  'throw',
])

/** Splits code well enough to find words outside of texts, comments and regular expressions. Never throws: what is no JavaScript is for QuickJS to say. */
export function tokens(code: string): readonly Token[] {
  const found: Token[] = []
  let last: Token | undefined
  for (let at = 0; at < code.length;) {
    const token =
      (code[at] === '/' && mayBeginExpression(last) && readExpression(code, at)) || readPiece(code, at)
    at += token.text.length
    found.push(token)
    if (token.kind !== 'space') last = token
  }
  return found
}

function readExpression(code: string, at: number): Token | undefined {
  regularExpression.lastIndex = at
  const [text] = regularExpression.exec(code) ?? []
  return text === undefined ? undefined : { kind: 'literal', text }
}

function readPiece(code: string, at: number): Token {
  pieces.lastIndex = at
  const match = pieces.exec(code)
  const text = match?.[0] ?? code.slice(at)
  if (match?.groups?.['space'] !== undefined) return { kind: 'space', text }
  if (match?.groups?.['literal'] !== undefined) return { kind: 'literal', text }
  return { kind: match?.groups?.['word'] === undefined ? 'sign' : 'word', text }
}

function mayBeginExpression(last: Token | undefined): boolean {
  if (last === undefined) return true
  if (last.kind === 'word') return beforeExpression.has(last.text)
  return last.kind === 'sign' && !')]}'.includes(last.text)
}
