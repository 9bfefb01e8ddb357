import { readFileSync } from 'node:fs'

const folder = new URL('realm/', import.meta.url)
const texts = new Map<string, string>()

/** The text of a module that runs inside the sandbox, by its name (`./row.js`). Read once. */
export function realmFile(name: string): string {
  const file = name.replace('./', '')
  if (!/^[a-z0-9-]+\.js$/.test(file)) throw new Error(`${name} is no module of the sandbox`)
  let text = texts.get(file)
  if (text === undefined) texts.set(file, (text = readFileSync(new URL(file, folder), 'utf8')))
  return text
}
