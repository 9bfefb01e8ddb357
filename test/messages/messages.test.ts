import { glob, readFile } from 'node:fs/promises'
import IntlMessageFormat from 'intl-messageformat'
import { describe, expect, test } from 'vitest'
import { auditActions } from '../../src/audit/event.ts'
import en from '../../src/messages/en.json' with { type: 'json' }
import fr from '../../src/messages/fr.json' with { type: 'json' }

const keys = Object.keys(en)
const texts = [...Object.entries(en), ...Object.entries(fr)]

test('both languages have the same keys, none without a text', () => {
  expect(Object.keys(fr)).toEqual(keys)
  expect(texts.filter(([, text]) => text.trim() === '')).toEqual([])
})

test('both languages take the same arguments', () => {
  expect(argumentsByKey(fr, 'fr')).toEqual(argumentsByKey(en, 'en'))
})

test('every text is shown somewhere', async () => {
  const code = await readCode()
  const families = familiesIn(code)
  const isUsed = (key: string) => code.includes(`'${key}'`) || families.some((family) => family.test(key))
  expect(keys.filter((key) => !isUsed(key))).toEqual([])
})

describe('texts', () => {
  test('have typographic apostrophes', () => {
    expect(texts.filter(([, text]) => text.includes("'"))).toEqual([])
  })

  test('keep French punctuation with the word before it', () => {
    const loose = /(?<![\u00A0\u202F])[:;?!»]|«(?![\u00A0\u202F])/
    expect(Object.entries(fr).filter(([, text]) => loose.test(text))).toEqual([])
  })
})

async function readCode(): Promise<string> {
  const files = await Array.fromAsync(glob('{src,plugins,sync}/**/*.ts'))
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n')
}

/** Keys that the code puts together: `act.${act}.title` is all of `act.*.title`. */
function familiesIn(code: string): RegExp[] {
  const templates = code.matchAll(/`([a-z][\w.-]*\.\$\{[^}]+\}[\w.-]*)`/gi)
  const ofTemplates = Array.from(templates, ([, template = '']) =>
    template.replaceAll('.', String.raw`\.`).replaceAll(/\$\{.*?\}/g, '[^.]+'),
  )
  // Actions have dots.
  const ofActions = auditActions.map((action) => `audit.action.${action}`)
  return [...ofTemplates, ...ofActions].map((pattern) => new RegExp(`^${pattern}$`))
}

function argumentsByKey(language: Readonly<Record<string, string>>, locale: string) {
  return Object.entries(language).map(([key, text]) => [
    key,
    [...new Set(argumentsOf(new IntlMessageFormat(text, locale).getAst()))].toSorted(),
  ])
}

type Part = ReturnType<IntlMessageFormat['getAst']>[number]

/** Types of the parser: text, and the `#` of a plural. */
const withoutArgument = [0, 7]

function argumentsOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (withoutArgument.includes(part.type) || !('value' in part)) return []
    const choices = 'options' in part ? Object.values(part.options).flatMap(({ value }) => value) : []
    return [part.value, ...argumentsOf(choices)]
  })
}
