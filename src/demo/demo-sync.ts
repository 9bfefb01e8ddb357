import { copyFile, constants } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../problems/thrown.ts'

const base = 'ou=people,dc=acme,dc=example'

/** Where the demo has the file of its HR department: one may change it and look what happens. */
export function demoHrFile(dataDir: string): string {
  return join(dataDir, 'hr.csv')
}

/** Puts the file there at the first start. */
export async function placeHrFile(dataDir: string): Promise<void> {
  const original = new URL('hr.csv', import.meta.url).pathname
  try {
    await copyFile(original, demoHrFile(dataDir), constants.COPYFILE_EXCL)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

/** Letters as they are in addresses: without accents, joined by nothing. */
const mail = `[source.PRENOM, source.NOM]
  .map((name) => name.replace(/œ/gi, 'oe').replace(/ø/gi, 'o').normalize('NFD').replace(/[^a-z-]/gi, '').toLowerCase())
  .join('.') + '@season.acme.example'`

/** The task of docs/sync.md: a file of seasonal staff as HR software writes it, brought into the directory. */
export function demoSync(dataDir: string) {
  return {
    connections: [
      {
        kind: 'csv',
        name: 'hr',
        path: demoHrFile(dataDir),
        key: 'MATRICULE',
        dates: [{ columns: ['DEBUT', 'FIN'], format: 'dd/MM/yyyy', time: 'end' }],
      },
    ],
    tasks: [
      {
        name: 'seasonal',
        description: 'Seasonal staff, from the file of the HR department',
        source: { connection: 'hr' },
        destination: { directory: 'main', base, filter: '(employeeType=seasonal)' },
        pivots: [{ source: 'MATRICULE', destination: 'employeeNumber' }],
        entryName: `dn\`uid=s\${source.MATRICULE},${base}\``,
        attributes: {
          objectClass: { policy: 'keep', create: "'inetOrgPerson'" },
          uid: { value: '`s${source.MATRICULE}`' },
          employeeNumber: { from: 'MATRICULE' },
          employeeType: { force: "'seasonal'" },
          sn: { from: 'NOM' },
          givenName: { from: 'PRENOM' },
          cn: { value: '`${source.PRENOM} ${source.NOM}`' },
          displayName: { value: '`${source.PRENOM} ${source.NOM}`' },
          mail: { value: mail },
          ou: { from: 'SERVICE' },
          l: { from: 'VILLE' },
          telephoneNumber: { from: 'TELEPHONE' },
        },
        clean: { action: 'disable', deleteAfterDays: 90 },
        schedule: '15 2 * * *',
      },
    ],
  }
}
