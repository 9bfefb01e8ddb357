import { benchHttp } from './http.ts'
import { benchImage } from './image.ts'
import { benchLdap } from './ldap.ts'
import { benchPeopleIndex } from './people-index.ts'
import { benchReports } from './reports.ts'
import { benchSync } from './sync.ts'
import { benchSyncKill } from './sync-kill.ts'
import { benchTiming } from './timing.ts'

/** `npm run bench -- [NAME [OPTION...]]`: the measurements by name, in the order in which all run when none is named. */
const benches: Readonly<Record<string, (options: string[]) => void | Promise<void>>> = {
  ldap: benchLdap,
  index: benchPeopleIndex,
  reports: benchReports,
  timing: benchTiming,
  http: benchHttp,
  sync: benchSync,
  'sync-kill': benchSyncKill,
  image: benchImage,
}

const [named, ...options] = process.argv.slice(2)
if (named !== undefined && !Object.hasOwn(benches, named)) {
  console.error(`no bench ${named}: there is ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (named !== undefined && named !== name) continue
  console.log(`\n== ${name}`)
  await bench(options)
}
