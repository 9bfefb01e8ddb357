import { tokens, type Token } from './tokens.ts'

const engines = /^\s*(js|gj|rjs|rdjs|gr)\s*:/

/** The engine that LSC's prefix asks for. All but Groovy's run JavaScript. */
export function enginePrefix(code: string): string | undefined {
  return engines.exec(code)?.[1]
}

/**
 * Makes code that was written for the engines of LSC readable for QuickJS: without the engine's prefix, `text.length()` of Java as `text.length`, and
 * `for each (x in list)` of Rhino and Nashorn as `for (x of list)`. Lines stay where they are.
 */
export function adaptLscCode(code: string): string {
  const list = [...tokens(code.replace(engines, (prefix) => prefix.replace(/\S/g, ' ')))]
  for (const index of list.keys()) {
    if (isAt(list, index, ['.', 'length', '(', ')'])) blank(list, index, 2, 4)
    if (isAt(list, index, ['for', 'each', '('])) {
      blank(list, index, 1, 2)
      replaceIn(list, index)
    }
  }
  return list.map(({ text }) => text).join('')
}

/** Whether these tokens follow, whatever space is between them. */
function isAt(list: readonly Token[], index: number, texts: readonly string[]): boolean {
  return (
    list[index]?.text === texts[0] &&
    places(list, index, texts.length).every((place, nth) => list[place]?.text === texts[nth])
  )
}

function places(list: readonly Token[], from: number, count: number): number[] {
  const found: number[] = []
  for (let index = from; index < list.length && found.length < count; index++) {
    if (list[index]?.kind !== 'space') found.push(index)
  }
  return found
}

function blank(list: Token[], index: number, from: number, to: number): void {
  for (const place of places(list, index, to).slice(from)) list[place] = { kind: 'space', text: '' }
}

function replaceIn(list: Token[], from: number): void {
  const place = list.findIndex(({ kind, text }, index) => index > from && kind === 'word' && text === 'in')
  if (place >= 0) list[place] = { kind: 'word', text: 'of' }
}
