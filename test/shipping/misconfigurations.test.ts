import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { misconfigurations, type Misconfiguration } from './misconfigurations.ts'
import { cloneCustomerRepository } from './overlay/customer-repository.ts'
import { deploy } from './overlay/render-base.ts'
import { examples, renderText } from './render-chart.ts'
import { kubectl } from './tools.ts'

const run = promisify(execFile)

/** What is meant to be as it is. */
const accepted: readonly { id: string; says: RegExp; because: string }[] = [
  {
    id: 'AVD-KSV-0113',
    says: /^Role 'acme-idaas-route-certificate' /,
    because: 'the router of OpenShift must read the certificate of the Route, this one Secret by its name',
  },
  {
    id: 'AVD-KSV-01010',
    says: /^ConfigMap 'idaas-(?:config|branding)-\w+' /,
    because: 'it takes addresses of mail and numbers of phones for secrets: these are for everybody to read',
  },
]

const planted = `
apiVersion: v1
kind: Pod
metadata: {name: planted, namespace: planted}
spec:
  hostNetwork: true
  containers: [{name: main, image: 'example.org/main:1', securityContext: {privileged: true}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: planted, namespace: planted}
data:
  directories.yaml: |
    bind: { dn: cn=idaas, password: a-password-in-clear }
`

let found: Misconfiguration[]

beforeAll(async () => {
  const manifests: Record<string, string> = { planted }
  for (const example of examples) manifests[example] = await renderText(example)
  manifests['base'] = await kustomize(join(deploy, 'base'))
  manifests['customer'] = await kustomize(cloneCustomerRepository().folder)
  found = await misconfigurations(manifests)
}, 300_000)

async function kustomize(folder: string): Promise<string> {
  return (await run(await kubectl(), ['kustomize', folder], { maxBuffer: 50_000_000 })).stdout
}

const isAccepted = ({ id, says }: Misconfiguration) =>
  accepted.some((one) => one.id === id && one.says.test(says))

test('what the chart renders, the base and a customer’s overlay have no misconfiguration that matters', () => {
  const faults = found.filter(({ name }) => name !== 'planted').filter((one) => !isAccepted(one))
  expect(faults).toEqual([])
})

test('what is accepted is still there', () => {
  const stale = accepted.filter((one) => !found.some(({ id, says }) => one.id === id && one.says.test(says)))
  expect(stale).toEqual([])
})

test('a privileged container, the network of the host and a password in clear are found', () => {
  const faults = found.filter(({ name }) => name === 'planted').filter((one) => !isAccepted(one))
  expect(faults.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['AVD-KSV-0017', 'AVD-KSV-0009', 'AVD-KSV-0109']),
  )
})
