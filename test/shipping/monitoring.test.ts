import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { auditActions, auditResults } from '../../src/audit/event.ts'
import { metricsRead } from './promql.ts'
import { readRealFigures, type RealFigures } from './real-figures.ts'
import { render } from './render-chart.ts'

const ruleSchema = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.object({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.object({
    summary: z.string(),
    description: z.string(),
    runbook_url: z.string().optional(),
  }),
})
const rulesSchema = z.object({
  spec: z.object({ groups: z.array(z.object({ rules: z.array(ruleSchema) })) }),
})
const dashboardSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
})

let rules: z.infer<typeof ruleSchema>[]
let panels: z.infer<typeof dashboardSchema>['panels']
let figures: RealFigures

beforeAll(async () => {
  rules = await alertsOf('everything')
  const objects = await render('everything')
  const map = objects.find(({ metadata }) => metadata?.name === 'acme-idaas-dashboard')
  const { data } = z.object({ data: z.object({ 'idaas.json': z.string() }) }).parse(map)
  panels = dashboardSchema.parse(JSON.parse(data['idaas.json'])).panels
  figures = await readRealFigures()
}, 60_000)

async function alertsOf(...values: Parameters<typeof render>) {
  const rule = (await render(...values)).find(({ kind }) => kind === 'PrometheusRule')
  return rulesSchema.parse(rule).spec.groups.flatMap((group) => group.rules)
}

async function unknown(expression: string): Promise<string[]> {
  const names = await metricsRead(expression)
  expect(names).not.toEqual([])
  return names.filter((name) => !figures.names.has(name))
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

  test('say what is wrong and what to do first, and have a runbook', async () => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
    const headings = [...page.matchAll(/^### (Idaas\w+)$/gm)].map(([, title]) => title)
    expect(headings).toEqual(rules.map(({ alert }) => alert))
    for (const { alert, annotations } of rules) {
      expect(annotations.summary).not.toBe('')
      expect(annotations.description).toMatch(/^[A-Z].{30,}[.]$/)
      expect(annotations.runbook_url).toBe(`https://docs.example.org/idaas/operations#${alert.toLowerCase()}`)
    }
  })

  test('link to no runbooks where nobody said where they are', async () => {
    const alerts = await alertsOf('openshift', '--set', 'monitoring.rules.enabled=true')
    expect(alerts.length).toBe(rules.length)
    expect(alerts.filter(({ annotations }) => annotations.runbook_url !== undefined)).toEqual([])
  })

  test('have their thresholds from the values', async () => {
    const alerts = await alertsOf(
      'everything',
      ...[
        'replicaMaxLagSeconds=300',
        'certificateMinDays=30',
        'databaseMaxPercent=70',
        'passwordsExpiringMaxPercent=10',
        'backupMaxAgeDays=32',
        'backupRequired=false',
      ].flatMap((value) => ['--set', `monitoring.rules.${value}`]),
    )
    const expressionOf = (name: string) => alerts.find(({ alert }) => alert === name)?.expr.trim()
    expect(expressionOf('IdaasReplicaBehind')).toMatch(/ > 300$/)
    expect(expressionOf('IdaasCertificateEnds')).toMatch(/ < 30 \* 86400$/)
    expect(expressionOf('IdaasDirectoryFull')).toMatch(/ > 70$/)
    expect(expressionOf('IdaasPasswordsExpire')).toMatch(/> 10$/)
    expect(expressionOf('IdaasBackupUnverified')).toMatch(/> 32 \* 86400$/)
    expect(rules.find(({ alert }) => alert === 'IdaasBackupUnverified')?.expr).toContain('or absent(')
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

test('every figure that an alert or a panel reads has a value where everything may be seen; those of runs begin with the first', async () => {
  const read = [...rules, ...panels.flatMap(({ targets }) => targets)].map(({ expr }) => metricsRead(expr))
  const names = new Set((await Promise.all(read)).flat())
  const without = [...names].filter((name) => !figures.withValue.has(name))
  expect(without.filter((name) => !name.startsWith('idaas_sync_'))).toEqual([])
})

test('a worker tells of each server of a directory by itself, and of everybody’s password; a server of tokens', () => {
  const { server, worker } = figures
  for (const name of ['ldap_server_up', 'ldap_replica_lag_seconds', 'ldap_database_used_ratio'])
    expect(
      worker.match(new RegExp(`^${name}\\{tenant="acme",directory="main",server="ldaps?:.*"\\}`, 'gm')),
    ).toHaveLength(2)
  expect(server).toMatch(
    /^http_request_duration_seconds_count\{route="\/oauth2\/token",method="POST",status="200"\} 1$/m,
  )
  expect(worker).toMatch(/^ldap_server_up\{.*server="ldaps:.*"\} 1$/m)
  expect(worker).toMatch(
    /^idaas_certificate_not_after_timestamp_seconds\{tenant="acme",server="ldaps:.*"\} \d{10}/m,
  )
  expect(worker).toMatch(/^idaas_accounts\{tenant="acme"\} 50$/m)
  expect(worker).toMatch(/^idaas_accounts_in_state\{tenant="acme",state="password-expiring"\} 0$/m)
  expect(worker).toMatch(/^idaas_jobs\{queue="mail.send",state="waiting"\} 0$/m)
  expect(worker).toMatch(/^idaas_mails_total\{tenant="acme",result="sent"\} 0$/m)
})
