import { asRoot, ldapsearch } from './ldap-tools.ts'
import { type Line, openLine } from './line.ts'
import { until } from './poll.ts'
import { startSlapd, type Slapd } from './slapd.ts'

/** It refers writes to its primary. `line`: the way by which changes reach it. */
export type Replica = Slapd & { readonly line: Line }

export type Replicated = { primary: Slapd; replicas: readonly Replica[]; stop(): Promise<void> }

/** Starts a primary with 50 people and so many replicas, which have caught up when this resolves. */
export async function startReplicated(count: number): Promise<Replicated> {
  const primary = await startSlapd()
  const replicas = await Promise.all(Array.from({ length: count }, () => startReplica(primary)))
  return {
    primary,
    replicas,
    stop: async () => {
      await Promise.all([primary, ...replicas].map((slapd) => slapd.stop()))
      await Promise.all(replicas.map(({ line }) => line.close()))
    },
  }
}

async function startReplica(primary: Slapd): Promise<Replica> {
  const line = await openLine(primary.port)
  const slapd = await startSlapd({
    seed: 'empty',
    overlays: ['ppolicy'],
    databaseLines: `${consumer(primary, line)}
updateref ${primary.url}`,
  })
  await until(() => hasCaughtUp(primary, slapd), { within: 20_000, every: 50 })
  return { ...slapd, line }
}

const consumer = ({ suffix, rootDn, rootPassword }: Slapd, { port }: Line): string =>
  [
    `syncrepl rid=1 provider=ldap://127.0.0.1:${port} type=refreshAndPersist retry="1 +"`,
    `searchbase="${suffix}" schemachecking=off`,
    `bindmethod=simple binddn="${rootDn}" credentials=${rootPassword}`,
  ].join(' ')

async function hasCaughtUp(primary: Slapd, replica: Slapd): Promise<boolean> {
  const [wanted, there] = await Promise.all(
    [primary, replica].map((slapd) => ldapsearch(asRoot(slapd), slapd.suffix, '(entryCSN=*)', 'entryCSN')),
  )
  return wanted === there && wanted !== ''
}
