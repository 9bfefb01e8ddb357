import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { taskNamed } from './tekton-tasks.ts'

export type TaskRun = {
  params: Readonly<Record<string, string>>
  /** Folders by the name of the workspace. */
  workspaces?: Readonly<Record<string, string>>
  /** Programs that stand in for those of the step’s image, by name: scripts for sh. */
  programs?: Readonly<Record<string, string>>
}

/**
 * Runs the steps of a task as Tekton does, but on this machine and one after the other: with parameters, results and workspaces put in. Returns the results;
 * throws when a step fails, with what it said.
 */
export function runTask(
  name: string,
  { params, workspaces = {}, programs = {} }: TaskRun,
): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'idaas-task-'))
  const [bin, results] = [join(folder, 'bin'), join(folder, 'results')]
  mkdirSync(bin)
  mkdirSync(results)
  for (const [program, text] of Object.entries(programs))
    writeFileSync(join(bin, program), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  const put = (text: string): string =>
    text.replaceAll(/\$\((params|results|workspaces)\.([^.)]+)(?:\.path)?\)/g, (all, kind, of) => {
      if (kind === 'results') return join(results, of)
      return (kind === 'params' ? params[of] : workspaces[of]) ?? all
    })
  const { steps, stepTemplate } = taskNamed(name)
  for (const step of steps) {
    const own = [...(stepTemplate?.env ?? []), ...step.env].map((each) => [each.name, put(each.value)])
    const script = join(folder, step.name)
    writeFileSync(script, put(step.script))
    chmodSync(script, 0o755)
    execFileSync(script, [], {
      cwd: put(step.workingDir ?? folder),
      env: { PATH: `${bin}:${process.env['PATH']}`, ...Object.fromEntries(own) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
  return Object.fromEntries(
    readdirSync(results).map((each) => [each, readFileSync(join(results, each), 'utf8')]),
  )
}
