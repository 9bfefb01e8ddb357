import { benchLdap } from './ldap.ts'
import { benchPeopleIndex } from './people-index.ts'

/** `npm run bench -- NAME`: the measurements by name, in the order in which they run when none is named. */
const benches: Readonly<Record<string, () => void | Promise<void>>> = {
  ldap: benchLdap,
  index: benchPeopleIndex,
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}: there is ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue
  console.log(`\n== ${name}`)
  await bench()
}
