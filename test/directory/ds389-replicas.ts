import { startDs389, type Ds389 } from '../support/ds389.ts'
import { ldapmodify, ldapsearch, type Target } from '../support/ldap-tools.ts'
import { until } from '../support/poll.ts'

const manager = { dn: 'cn=replication manager,cn=config', password: 'replication-secret-1' }

export const asRootOf = ({ url, rootDn, rootPassword }: Ds389): Target => ({
  url,
  dn: rootDn,
  password: rootPassword,
})

/** A 389-DS that takes changes and one that is given them and takes none, filled from the first. */
export async function startDs389Replicas(): Promise<{
  supplier: Ds389
  consumer: Ds389
  stop(): Promise<void>
}> {
  const [supplier, consumer] = await Promise.all([startDs389(), startDs389()])
  const stop = async () => void (await Promise.all([supplier.stop(), consumer.stop()]))
  const { suffix } = supplier
  await ldapmodify(
    asRootOf(consumer),
    `${managerEntry}\n${replica(suffix, { id: 65535, type: 2, flags: 0 })}`,
  )
  await ldapmodify(
    asRootOf(supplier),
    `${replica(suffix, { id: 1, type: 3, flags: 1 })}\n${agreement(suffix, consumer)}`,
  )
  const filled = async () =>
    (
      await ldapsearch(
        asRootOf(supplier),
        agreementDn(suffix),
        '(objectClass=*)',
        'nsds5replicaLastInitStatus',
      )
    ).includes('Total update succeeded')
  await until(filled, { within: 30_000, every: 50 })
  return { supplier, consumer, stop }
}

const replicaDn = (suffix: string) => `cn=replica,cn="${suffix}",cn=mapping tree,cn=config`
const agreementDn = (suffix: string) => `cn=consumer,${replicaDn(suffix)}`

const managerEntry = `dn: ${manager.dn}
changetype: add
objectClass: person
cn: replication manager
sn: replication manager
userPassword: ${manager.password}
passwordExpirationTime: 20380119031407Z
`

const replica = (
  suffix: string,
  { id, type, flags }: { id: number; type: number; flags: number },
) => `dn: ${replicaDn(suffix)}
changetype: add
objectClass: nsDS5Replica
cn: replica
nsDS5ReplicaRoot: ${suffix}
nsDS5ReplicaId: ${id}
nsDS5ReplicaType: ${type}
nsDS5Flags: ${flags}
nsDS5ReplicaBindDN: ${manager.dn}
`

const agreement = (suffix: string, { url }: Ds389) => `dn: ${agreementDn(suffix)}
changetype: add
objectClass: nsDS5ReplicationAgreement
cn: consumer
nsDS5ReplicaHost: 127.0.0.1
nsDS5ReplicaPort: ${new URL(url).port}
nsDS5ReplicaBindDN: ${manager.dn}
nsDS5ReplicaCredentials: ${manager.password}
nsDS5ReplicaBindMethod: SIMPLE
nsDS5ReplicaTransportInfo: LDAP
nsDS5ReplicaRoot: ${suffix}
nsds5BeginReplicaRefresh: start
`
