import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { auditActions, auditResults } from '../../src/audit/event.ts'
import { buildTestApp } from '../plugins/built-app.ts'
import { makeTenant } from '../plugins/web-frame.ts'
import { metricsRead } from './promql.ts'
import { render } from './render-chart.ts'

const ruleSchema = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.object({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.object({ summary: z.string(), runbook_url: z.string() }),
})
const rulesSchema = z.object({
  spec: z.object({ groups: z.array(z.object({ rules: z.array(ruleSchema) })) }),
})
const dashboardSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
})

let rules: z.infer<typeof ruleSchema>[]
let panels: z.infer<typeof dashboardSchema>['panels']
/** Names of all figures that a server tells, those of histograms with their endings. */
let told: Set<string>

beforeAll(async () => {
  const objects = await render('everything')
  const rule = objects.find(({ kind }) => kind === 'PrometheusRule')
  rules = rulesSchema.parse(rule).spec.groups.flatMap((group) => group.rules)
  const map = objects.find(({ metadata }) => metadata?.name === 'acme-idaas-dashboard')
  const { data } = z.object({ data: z.object({ 'idaas.json': z.string() }) }).parse(map)
  panels = dashboardSchema.parse(JSON.parse(data['idaas.json'])).panels

  const app = await buildTestApp([makeTenant({ issuer: 'https://id.acme.example' })])
  const { body } = await app.inject('/metrics')
  await app.close()
  const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  told = new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_count`, `${name}_sum`, `${name}_bucket`] : [name],
    ),
  )
})

async function unknown(expression: string): Promise<string[]> {
  const names = await metricsRead(expression)
  expect(names).not.toEqual([])
  return names.filter((name) => !told.has(name))
}

/** Values that the expression compares a label with, of `=` and `=~`. */
function compared(expression: string, label: string): string[] {
  const found = expression.matchAll(new RegExp(`\\b${label}=~?"([^"]*)"`, 'g'))
  return [...found].flatMap(([, value = '']) => value.split('|'))
}

test('an expression that Prometheus could not read is found', async () => {
  await expect(metricsRead('sum(rate(idaas_events_total[5m])')).rejects.toThrow('not PromQL')
  expect(await metricsRead('sum(a{b="c"}) / on () count_over_time(d[5m])')).toEqual(['a', 'd'])
})

describe('alerts', () => {
  test('that wake someone are five; the others open a ticket', () => {
    const critical = rules.filter(({ labels }) => labels.severity === 'critical')
    expect(critical.map(({ alert }) => alert)).toEqual([
      'IdaasNobodySignsIn',
      'IdaasManyErrors',
      'IdaasDirectoryAway',
      'IdaasNotReady',
      'IdaasRefreshTokensReused',
    ])
    expect(rules.length).toBeGreaterThan(critical.length)
  })

  test('read nothing but figures that the service tells', async () => {
    for (const { alert, expr } of rules) expect([alert, ...(await unknown(expr))]).toEqual([alert])
  })

  test('ask for actions and results that the audit has', () => {
    const actions = rules.flatMap(({ expr }) => compared(expr, 'action'))
    const results = rules.flatMap(({ expr }) => compared(expr, 'result'))
    expect(actions.filter((action) => !auditActions.some((known) => known === action))).toEqual([])
    expect(results.filter((result) => !auditResults.some((known) => known === result))).toEqual([])
    expect(actions.length).toBeGreaterThan(3)
  })

  test('say what is wrong, and have a runbook', () => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
    const headings = new Set([...page.matchAll(/^#+ (\S+)$/gm)].map(([, title = '']) => title.toLowerCase()))
    for (const { annotations } of rules) {
      expect(annotations.summary).not.toBe('')
      const [file, fragment] = annotations.runbook_url.split('#')
      expect(file).toBe('docs/operations.md')
      expect(headings).toContain(fragment)
    }
  })

  test('name no namespace: OpenShift adds the one they are in', () => {
    for (const { expr } of rules) expect(expr).not.toContain('namespace')
  })
})

test('every panel of the dashboard reads figures that the service tells', async () => {
  expect(panels.length).toBeGreaterThan(10)
  for (const { title, targets } of panels)
    for (const { expr } of targets) expect([title, ...(await unknown(expr))]).toEqual([title])
})
