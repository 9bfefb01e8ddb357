import type { Locale } from './message.ts'

/** The language of whoever runs a command, as POSIX names it; English for every other one than ours. */
export function localeOf(env: NodeJS.ProcessEnv): Locale {
  const said = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => (value ?? '') !== '')
  return said?.startsWith('fr') === true ? 'fr' : 'en'
}
