import { fileURLToPath } from 'node:url'
import { chart, runHelm } from '../render-chart.ts'
import { helm4 } from '../tools.ts'

export const deploy = fileURLToPath(new URL('../../../deploy', import.meta.url))

const values = `${deploy}/base/values.yaml`

/** Labels that only Helm has a use for, or that would differ from the tag that an overlay sets. */
const dropped = /^ *(helm\.sh\/chart|app\.kubernetes\.io\/(managed-by|version)): /
const header = '# Rendered from charts/idaas by `npm test -- shipping/overlay -u`.\n'

/**
 * What `deploy` has from the chart, by path: the manifests of the base, those of monitoring, and a canary's own, which are those of a server under another
 * name. Helm's own labels go; kustomize sets the namespace.
 */
export async function renderBase(): Promise<Readonly<Record<string, string>>> {
  const base = await render()
  const monitored = await render('--values', `${deploy}/components/monitoring/values.yaml`)
  const server = base.filter(({ template }) => /^server\/(deployment|service)\.yaml$/.test(template))
  return {
    'base/idaas.yaml': join(base),
    'components/monitoring/monitoring.yaml': join(
      monitored.filter(({ template }) => template.startsWith('monitoring/')),
    ),
    'components/canary/canary.yaml': asCanary(join(server)),
  }
}

type Part = { template: string; text: string }

async function render(...args: readonly string[]): Promise<Part[]> {
  const release = ['template', 'idaas', chart, '--values', values, '--no-hooks', '--skip-tests']
  const text = await runHelm(await helm4(), [...release, ...args])
  return text.split(/^---\n# Source: idaas\/templates\//m).flatMap((part) => {
    const [template = '', ...lines] = part.split('\n')
    return template === '' ? [] : [{ template, text: `${lines.filter(isKept).join('\n').trimEnd()}\n` }]
  })
}

function isKept(line: string): boolean {
  return line !== '  namespace: default' && !dropped.test(line)
}

function join(parts: readonly Part[]): string {
  return header + parts.map(({ text }) => text).join('---\n')
}

/** Its pods are selected by no other Service, Deployment or budget; it is alone, whatever the number of the others. */
function asCanary(server: string): string {
  return server
    .replaceAll('app.kubernetes.io/component: server', 'app.kubernetes.io/component: canary')
    .replaceAll('registry.invalid/idaas:', 'registry.invalid/idaas-canary:')
    .replace(/^(kind: Service\nmetadata:\n  name: )idaas$/m, '$1idaas-canary')
    .replace(/^(kind: Deployment\nmetadata:\n  name: )idaas-server$/m, '$1idaas-canary')
    .replace(/^  replicas: \d+$/m, '  replicas: 1')
}
