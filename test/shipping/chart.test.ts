import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import packageFile from '../../package.json' with { type: 'json' }
import { brokenRules } from './chart-verifier.ts'
import { chart, examples, render, renderText, runHelm, valuesFile } from './render-chart.ts'
import { podSpecOf, restrictions } from './restricted-pod.ts'
import { helm3, helm4, validate } from './tools.ts'

test('the chart, the program and the image have one version', () => {
  const { version, appVersion } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))
  expect([version, appVersion]).toEqual([packageFile.version, packageFile.version])
})

test('the rules of chart-verifier that can be judged here are kept', () => {
  expect(brokenRules(chart)).toEqual([])
})

describe.for([
  ['3.18', helm3],
  ['4.1', helm4],
] as const)('helm %s', ([, helm]) => {
  test.for(examples)('lints strictly: %s', async (example) => {
    const said = await runHelm(await helm(), ['lint', '--strict', chart, '--values', valuesFile(example)])
    expect(said).toContain('1 chart(s) linted, 0 chart(s) failed')
  })

  test('lints strictly without any value', async () => {
    expect(await runHelm(await helm(), ['lint', '--strict', chart])).toContain('0 chart(s) failed')
  })
})

describe.for(examples)('the example %s', (example) => {
  test('is the same, byte for byte, from helm 3.18 and 4.1', async () => {
    expect(await renderText(example, [], await helm3())).toBe(await renderText(example, [], await helm4()))
  })

  test('is valid', async () => {
    expect(await validate(await renderText(example))).toEqual([])
  })

  test('makes no Secret, and only names that the cluster takes', async () => {
    const objects = await render(example)
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret')
    for (const { metadata } of objects) expect(metadata?.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
  })

  test('has every object once', async () => {
    const ids = (await render(example)).map(({ kind, metadata }) => `${kind} ${metadata?.name}`)
    expect(ids).toEqual([...new Set(ids)])
  })
})

test.for(['openshift', 'everything'] as const)(
  'every pod of %s is one for restricted-v2',
  async (example) => {
    const pods = (await render(example)).flatMap((manifest) => podSpecOf(manifest) ?? [])
    expect(pods.length).toBeGreaterThanOrEqual(4)
    expect(pods.flatMap(restrictions)).toEqual([])
  },
)

test('a name of the longest kind still leaves names that the cluster takes', async () => {
  const objects = await render('everything', '--set', `fullnameOverride=${'a'.repeat(40)}`)
  for (const { metadata } of objects) expect(metadata?.name?.length).toBeLessThanOrEqual(63)
})
