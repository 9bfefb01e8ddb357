import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startDemo, type Demo } from '../support/demo.ts'
import { render } from './render-chart.ts'

const run = promisify(execFile)
const podSchema = z.object({
  spec: z.object({
    containers: z.tuple([
      z.object({
        command: z.tuple([z.literal('node')]).rest(z.string()),
        args: z.array(z.string()),
        env: z.array(z.object({ name: z.string(), value: z.string() })),
      }),
    ]),
  }),
})

let demo: Demo
beforeAll(async () => {
  demo = await startDemo()
})
afterAll(async () => await demo.stop())

/** What the Pod of `helm test` runs, with the demo in place of the Service. */
async function runTestPod(host: string) {
  const pod = (await render('openshift')).find(({ kind }) => kind === 'Pod')
  const [{ command, args, env: written }] = podSchema.parse(pod).spec.containers
  expect(written.map(({ name }) => name)).toEqual(['SERVICE', 'ISSUER_HOST'])
  const env = { SERVICE: `http://127.0.0.1:${demo.port}`, ISSUER_HOST: host }
  const [, ...options] = command
  return await run(process.execPath, [...options, ...args], { env })
}

test('the pod of helm test finds a service that is ready and is the issuer', async () => {
  const { stdout } = await runTestPod(`localhost:${demo.port}`)
  expect(stdout).toContain("status: 'ok'")
  expect(stdout).toContain(`issuer: ${demo.issuer}`)
})

test('the pod of helm test fails where the host name belongs to nobody', async () => {
  await expect(runTestPod('id.acme.example')).rejects.toThrow('/.well-known/openid-configuration: 421')
})
