import { readFileSync } from 'node:fs'
import { formatNote, type LscNote } from './lsc-note.ts'
import { lscPath, openLsc, type OpenLscOptions } from './open-lsc.ts'
import { readLsc } from './read-lsc.ts'
import { slug } from './slug.ts'
import { toYaml } from './to-yaml.ts'

/**
 * Converts an lsc.xml to the tree `sync` of our configuration. Passwords become environment variables: the ones that the file has, or ones of our own, which `notes` name.
 * Throws as `openLsc`.
 */
export async function lscToYaml(
  path: string,
  options: Pick<OpenLscOptions, 'environment' | 'ca'>,
): Promise<{ yaml: string; notes: readonly LscNote[] }> {
  const file = lscPath(path)
  const opened = await openLsc(file, { ...options, tenant: '', clean: true, compat: null })
  const notes: LscNote[] = [...opened.notes]
  // Once more without the environment: which variable a password came from.
  const { connections: written, encryption } = readLsc(readFileSync(file, 'utf8'))
  const passwords = new Map(
    written.map((connection) => [
      slug(connection.name),
      'password' in connection ? /^\$\{([\w]+)\}$/.exec(connection.password.trim())?.[1] : undefined,
    ]),
  )
  const passwordOf = (name: string): string => {
    const known = passwords.get(name)
    const variable = known ?? `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD`
    const line = written.find((connection) => slug(connection.name) === name)?.line ?? 1
    if (known === undefined)
      notes.push({
        weight: 'differs',
        line,
        text: `the password of ${name} comes from the variable ${variable}`,
      })
    return `\${env:${variable}}`
  }
  const { yaml, notes: more } = toYaml(opened, { passwordOf, keyfile: encryption?.keyfile })
  const told = [...notes, ...more].toSorted((one, other) => one.line - other.line)
  const comments = told.map((note) => `# ${formatNote('lsc.xml', note)}\n`).join('')
  return { yaml: comments + yaml, notes: told }
}
