import { kubectl } from '../tools.ts'
import { startOperator, succeeded, type Ended, type Operator } from './operator.ts'

export type Projects = Operator & {
  kubectl: (args: readonly string[], input?: string) => Promise<Ended>
  /** What kubectl printed; throws when it failed. */
  succeed: (args: readonly string[], input?: string) => Promise<string>
  /** Makes a project of its own for a test, as `oc new-project` does; its name. */
  newProject: () => Promise<string>
  apply: (project: string, ...manifests: readonly object[]) => Promise<string>
  /** What the events of a project say. */
  warnings: (project: string) => Promise<string>
}

/** A double of OpenShift with kubectl, and projects so that tests do not meet. */
export async function startProjects(): Promise<Projects> {
  const [operator, program] = await Promise.all([startOperator(), kubectl()])
  const run = (args: readonly string[], input?: string): Promise<Ended> => operator.run(program, args, input)
  const succeed = async (args: readonly string[], input?: string): Promise<string> =>
    succeeded(await run(args, input))
  let count = 0
  return {
    ...operator,
    kubectl: run,
    succeed,
    newProject: async () => {
      const name = `project-${++count}`
      await succeed(['create', 'namespace', name])
      return name
    },
    apply: async (project, ...manifests) =>
      await succeed(
        ['apply', '-n', project, '-f', '-'],
        manifests.map((each) => JSON.stringify(each)).join('\n---\n'),
      ),
    warnings: async (project) =>
      await succeed(['get', 'events', '-n', project, '-o', 'jsonpath={.items[*].message}']),
  }
}
