import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startOpenshift, type Openshift } from './start-openshift.ts'

export type Ended = { code: number; stdout: string; stderr: string }

export type Operator = Openshift & {
  /** Runs kubectl, helm or git against the double, to its end, in a folder of its own as home; `input` comes on standard input. */
  run: (program: string, args: readonly string[], input?: string) => Promise<Ended>
}

/** A double, and somebody who is signed in to it. */
export async function startOperator(): Promise<Operator> {
  const openshift = await startOpenshift()
  const home = mkdtempSync(join(tmpdir(), 'idaas-operator-'))
  const kubeconfig = join(home, 'kubeconfig')
  writeFileSync(kubeconfig, openshift.kubeconfig)
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home }
  return {
    ...openshift,
    run: async (program, args, input = '') =>
      await new Promise((resolve) => {
        const child = execFile(
          program,
          args,
          { env: { ...env, KUBECONFIG: kubeconfig }, maxBuffer: 2 ** 26, timeout: 60_000 },
          (error, stdout, stderr) => {
            const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
            resolve({ code, stdout, stderr })
          },
        )
        child.stdin?.end(input)
      }),
  }
}

/** What it printed; throws with what it complained of, when it failed. */
export function succeeded({ code, stdout, stderr }: Ended): string {
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}${stderr}`)
  return stdout
}
