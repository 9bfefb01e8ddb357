import { expect, test } from 'vitest'
import { validate } from './tools.ts'

const deployment = (change = '') => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: server}
spec:
  ${change}
  selector: {matchLabels: {app: server}}
  template:
    metadata: {labels: {app: server}}
    spec: {containers: [{name: server, image: idaas}]}
`

const route = (tls: string) => `
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: server}
spec:
  host: id.acme.example
  to: {kind: Service, name: server, weight: 100}
  tls: {${tls}}
`

test('what is right has no fault', async () => {
  expect(await validate(deployment())).toEqual([])
  expect(await validate(route('termination: edge, externalCertificate: {name: tls}'))).toEqual([])
})

test.for([
  ['a key that a kind does not have', deployment('replica: 2'), /'replica' does not exist.*Did you mean/],
  ['a value of another type', deployment('replicas: two'), /Type 'string' is not assignable/],
  ['a value out of an enumeration', deployment('strategy: {type: Rolling}'), /"Rolling"/],
  [
    'a missing key',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}',
    /required property containers/,
  ],
  ['a misspelt key of a Route', route('terminaton: edge'), /additional properties terminaton/],
  ['a termination that no router knows', route('termination: egde'), /one of the allowed values/],
  [
    'a misspelt key of a custom resource',
    'apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: {name: a}\nspec: {selector: {}, podMetricsEndpoint: []}',
    /'podMetricsEndpoint' does not exist/,
  ],
  ['an API that clusters have dropped', 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget', /no schema/],
  ['a kind that nobody knows', 'apiVersion: example.org/v1\nkind: Thing', /no schema for this kind/],
  ['no manifest at all', '---\n', /there is no manifest/],
] as const)('%s is a fault', async ([, text, fault]) => {
  expect((await validate(text)).join('\n')).toMatch(fault)
})

test('a key that is written twice is refused', async () => {
  await expect(validate('kind: A\nkind: B')).rejects.toThrow('unique')
})
