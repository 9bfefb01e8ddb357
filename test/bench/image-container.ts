import { z } from 'zod'
import { render } from '../shipping/render-chart.ts'
import { image, runTool } from './image-build.ts'

const deployment = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.tuple([
          z.object({
            args: z.array(z.string()),
            env: z.array(z.object({ name: z.string(), value: z.string() })),
            securityContext: z.object({
              allowPrivilegeEscalation: z.literal(false),
              capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
              readOnlyRootFilesystem: z.literal(true),
              runAsNonRoot: z.literal(true),
            }),
            resources: z.object({ limits: z.object({ memory: z.string() }) }),
            lifecycle: z
              .object({ preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }) })
              .optional(),
          }),
        ]),
        volumes: z.array(
          z.looseObject({ name: z.string(), emptyDir: z.object({ sizeLimit: z.string() }).optional() }),
        ),
      }),
    }),
  }),
})

export type RunningContainer = {
  readonly pid: number
  /** When its process was started, in milliseconds since 1970. */
  readonly started: number
  /** Does what the chart has done before SIGTERM. */
  preStop(): Promise<void>
  /** SIGTERM, and SIGKILL after 30 s; gives the exit code. */
  stop(): Promise<number>
  remove(): Promise<void>
}

/**
 * Runs a component's container as the chart has it and as OpenShift's restricted-v2 lets it: a user out of the namespace's range with group 0,
 * a read-only root, no capabilities, the chart's limit of memory and its emptyDir as tmpfs. But on the host's network, where the test servers are.
 */
export async function runContainer(
  component: 'server' | 'worker',
  config: string,
): Promise<RunningContainer> {
  const { container, tmp } = await containerOf(component)
  const { args, env, resources, lifecycle } = container
  const asRestricted = [
    '--read-only',
    '--read-only-tmpfs=false',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
  ]
  const id = await runTool('podman', [
    'run',
    '--detach',
    '--network=host',
    '--user=1000660000:0',
    ...asRestricted,
    `--memory=${inPodman(resources.limits.memory)}`,
    `--tmpfs=/tmp:rw,mode=1777,size=${inPodman(tmp)}`,
    `--volume=${config}:/etc/idaas:ro`,
    ...env.map(({ name, value }) => `--env=${name}=${value}`),
    image,
    ...args,
  ])
  const inspect = async (format: string) => await runTool('podman', ['inspect', '--format', format, id])
  const command = lifecycle?.preStop.exec.command
  return {
    pid: Number(await inspect('{{.State.Pid}}')),
    started: Number(await inspect('{{.State.StartedAt.UnixMilli}}')),
    async preStop() {
      if (command !== undefined) await runTool('podman', ['exec', id, ...command])
    },
    async stop() {
      await runTool('podman', ['stop', '--time', '30', id])
      return Number(await inspect('{{.State.ExitCode}}'))
    },
    async remove() {
      await runTool('podman', ['rm', '--force', '--time', '0', id])
    },
  }
}

async function containerOf(component: string) {
  const manifests = await render('openshift')
  const found = manifests.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata?.name === `acme-idaas-${component}`,
  )
  const { containers, volumes } = deployment.parse(found).spec.template.spec
  const tmp = volumes.find(({ name }) => name === 'tmp')?.emptyDir?.sizeLimit
  if (tmp === undefined) throw new Error(`${component} has no emptyDir for /tmp`)
  return { container: containers[0], tmp }
}

/** Kubernetes writes Mi where podman writes m. */
function inPodman(quantity: string): string {
  return quantity.replace(/Mi$/, 'm').replace(/Gi$/, 'g')
}
