import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { cloneCustomerRepository } from './overlay/customer-repository.ts'
import { render } from './render-chart.ts'
import { kubectl, validate } from './tools.ts'

const manifest = z.object({ apiVersion: z.string(), kind: z.string() })
const workload = z.object({
  kind: z.literal('Deployment'),
  spec: z.object({ template: z.object({ spec: z.object({ securityContext: z.unknown() }) }) }),
})

const identities = (manifests: readonly unknown[]): unknown[] =>
  manifests
    .map((each) => workload.safeParse(each))
    .flatMap(({ data }) => (data === undefined ? [] : [data.spec.template.spec.securityContext]))

test('on another Kubernetes nothing of OpenShift is applied, and pods run as the chart has them there', async () => {
  const acme = cloneCustomerRepository()
  acme.commit('kustomization.yaml', 'components/ha', 'components/kubernetes')
  acme.commit(
    'kustomization.yaml',
    `target: { kind: Route, name: idaas }
    patch: |-
      - { op: replace, path: /spec/host, value: id.acme.example }`,
    `target: { kind: Ingress, name: idaas }
    patch: |-
      - { op: replace, path: /spec/rules/0/host, value: id.acme.example }
      - { op: replace, path: /spec/tls/0/hosts/0, value: id.acme.example }`,
  )
  const text = execFileSync(await kubectl(), ['kustomize', acme.folder], { encoding: 'utf8' })
  expect(await validate(text)).toEqual([])
  expect(text).not.toMatch(/^apiVersion: .*openshift|policy-group|\binvalid\b/m)
  const manifests = parseAllDocuments(text).map((document) => manifest.loose().parse(document.toJS()))
  expect(manifests.map(({ kind }) => kind)).toContain('Ingress')
  const [server, worker] = identities(await render('kubernetes'))
  expect(identities(manifests)).toEqual([server, worker])
})
