import { configJsonSchema, schemasAt } from './json-schema.ts'
import type { Path } from './config-fault.ts'
import type { Config } from './schema.ts'

/**
 * Keys whose texts are shown. What is not here is not: a script, a filter, a description or a key of the next version may hold a password or a person's name.
 */
const shownTexts = new Set(
  (
    'access action apiScopes audience base clean consent country cron directory grants groups hide host hosts id idTokenAlgorithm ' +
    'issuer kind locale logLevel mode name permissions pivots policy profile reasonRequired scopes task timeZone tls urls'
  ).split(' '),
)

/** The configuration as support may see it: its form, numbers, switches and names; no secret and no person. */
export function redactConfig(config: Config): unknown {
  return redact(config, [])
}

function redact(value: unknown, path: Path): unknown {
  if (isSecret(path)) return '[secret]'
  if (Array.isArray(value)) return value.map((item, index) => redact(item, [...path, index]))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) => [key, redact(child, [...path, key])]),
    )
  return typeof value === 'string' ? redactText(value, path) : value
}

function redactText(text: string, path: Path): string {
  const isShown = shownTexts.has(lastKey(path)) && !path.some((step) => ownKeys.has(String(step)))
  if (!isShown) return `[text of ${text.length} characters]`
  return text.replace(/\/\/[^/@]*@/, '//').replaceAll(/[^\s"<>/]+@[^\s"<>/]+/g, '[mail address]')
}

/** Below these the operator names the keys: `name: '"s3cret"'` is a script there. */
const ownKeys: ReadonlySet<string> = new Set(['attributes', 'headers'])

function isSecret(path: Path): boolean {
  return (
    /(?:^keys?|password|secret|token)$/i.test(lastKey(path)) ||
    schemasAt(configJsonSchema(), path).some(({ writeOnly }) => writeOnly)
  )
}

function lastKey(path: Path): string {
  return path.findLast((step) => typeof step === 'string') ?? ''
}
