import type { LscNote } from './lsc-note.ts'

/**
 * Puts the values of environment variables in the place of `${NAME}`, before the text is read as XML, as LSC does; there is none of that name: it stays as it is,
 * which is told.
 */
export function inlineEnvironment(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): { text: string; notes: LscNote[] } {
  const notes: LscNote[] = []
  const inlined = text.replace(/\$\{([\w.-]+)\}/g, (written, name: string, at: number) => {
    const value = environment[name]
    if (value !== undefined) return escapeXml(value)
    // A template literal of a script looks the same.
    const line = text.slice(0, at).split('\n').length
    notes.push({
      weight: 'ignored',
      line,
      text: `there is no environment variable ${name}: it stays as it is`,
    })
    return written
  })
  return { text: inlined, notes }
}

function escapeXml(value: string): string {
  return value.replace(/[<>&"']/g, (character) => `&#${character.codePointAt(0)};`)
}
