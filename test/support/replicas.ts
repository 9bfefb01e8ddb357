import { until } from './poll.ts'
import { asRoot, ldapsearch } from './ldap-tools.ts'
import { startSlapd, type Slapd } from './slapd.ts'

/** A primary and its replicas, which refer writes to it. */
export type Replicated = { primary: Slapd; replicas: readonly Slapd[]; stop(): Promise<void> }

/** Starts a primary with 50 people and so many replicas, which have caught up when this resolves. `late`: they ask for changes every two seconds only. */
export async function startReplicated(count: number, { late = false } = {}): Promise<Replicated> {
  const primary = await startSlapd()
  const { suffix, rootDn, rootPassword, url } = primary
  const type = late ? 'type=refreshOnly interval=00:00:00:02' : 'type=refreshAndPersist'
  const consumer = `syncrepl rid=1 provider=${url} ${type} retry="1 +" searchbase="${suffix}" schemachecking=off bindmethod=simple binddn="${rootDn}" credentials=${rootPassword}
updateref ${url}`
  const replicas = await Promise.all(
    Array.from({ length: count }, () =>
      startSlapd({ seed: 'empty', overlays: ['ppolicy'], databaseLines: consumer }),
    ),
  )
  await Promise.all(
    replicas.map((replica) => until(() => hasCaughtUp(primary, replica), { within: 20_000, every: 50 })),
  )
  return {
    primary,
    replicas,
    stop: async () => {
      await Promise.all([primary, ...replicas].map((slapd) => slapd.stop()))
    },
  }
}

async function hasCaughtUp(primary: Slapd, replica: Slapd): Promise<boolean> {
  const [wanted, there] = await Promise.all(
    [primary, replica].map((slapd) => ldapsearch(asRoot(slapd), slapd.suffix, '(entryCSN=*)', 'entryCSN')),
  )
  return wanted === there && wanted !== ''
}
