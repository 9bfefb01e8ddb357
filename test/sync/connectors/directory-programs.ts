import { findProgram } from '../../support/programs.ts'
import type { PeopleDirectory } from '../people-directory.ts'

/** A command of one line of shell; what the engine adds is `$1`. */
export const shell = (script: string): string[] => ['/bin/sh', '-c', script, 'script']

/** The programs of an exec connection as customers write them: scripts around the tools of OpenLDAP, on one branch. */
export function directoryPrograms({ slapd }: PeopleDirectory, base: string) {
  const [search, modify] = [findProgram('ldapsearch'), findProgram('ldapmodify')]
  const bind = '-x -H "$URL" -D "$DN" -w "$PASSWORD"'
  const change = shell(`exec ${modify.path} ${bind}`)
  return {
    list: shell(`exec ${search.path} -LLL ${bind} -b "$BASE" -s one uid`),
    get: shell(`${search.path} -LLL ${bind} -b "$1" -s base || [ $? = 32 ]`),
    add: change,
    update: change,
    remove: change,
    rename: change,
    environment: {
      URL: slapd.url,
      DN: slapd.rootDn,
      PASSWORD: slapd.rootPassword,
      BASE: base,
      LD_LIBRARY_PATH: search.env['LD_LIBRARY_PATH'] ?? '',
    },
  }
}
