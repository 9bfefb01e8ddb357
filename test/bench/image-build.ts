import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import packageFile from '../../package.json' with { type: 'json' }
import { runQuietly } from '../support/run-quietly.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const base = 'localhost/idaas-bench/node-base:24'
export const image = `localhost/idaas-bench/idaas:${packageFile.version}`

const packages = [
  'buildah',
  'podman',
  'runc',
  'conmon',
  'netavark',
  'golang-github-containers-common',
  'catatonit',
  'iptables',
  'uidmap',
  'mmdebstrap',
]

/** Why images cannot be built here, or undefined: then what it takes is installed. */
export function prepare(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root builds images without further set-up'
  if (!existsSync('/etc/debian_version')) return 'this is not Debian, whose packages make the base'
  const missing = ['buildah', 'podman', 'runc', 'mmdebstrap'].filter(
    (name) => !existsSync(`/usr/bin/${name}`) && !existsSync(`/usr/sbin/${name}`),
  )
  if (missing.length === 0) return undefined
  try {
    runQuietly('apt-get', ['install', '-qq', '-y', '--no-install-recommends', ...packages])
    return undefined
  } catch (error) {
    return `${missing.join(', ')} cannot be installed: ${String(error)}`
  }
}

/** podman and buildah of Debian, which also work in a virtual machine without CAP_SYS_RESOURCE and with cgroups of both versions. */
export async function runTool(tool: 'podman' | 'buildah', args: readonly string[]): Promise<string> {
  const env = { ...process.env, CONTAINERS_CONF: join(import.meta.dirname, 'containers.conf') }
  const { stdout } = await promisify(execFile)(tool, args, { cwd: root, env, maxBuffer: 50_000_000 })
  return stdout.trim()
}

/** In place of UBI 9, which no registry gives here: Debian's essential packages, the Node of this checkout, the npm that runs. Made once. */
export async function buildBase(): Promise<void> {
  if ((await runTool('buildah', ['images', '--quiet', '--filter', `reference=${base}`])) !== '') return
  const folder = mkdtempSync(join(tmpdir(), 'base-'))
  try {
    const release = readFileSync('/etc/os-release', 'utf8')
    const suite = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? 'stable'
    const leftOut = ['man', 'locale', 'doc'].map((part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`)
    const included = '--include=libstdc++6,ca-certificates,tzdata'
    runQuietly('mmdebstrap', ['--variant=essential', included, ...leftOut, suite, join(folder, 'base.tar')])
    cpSync(realpathSync(process.execPath), join(folder, 'node'))
    cpSync(npmFolder(), join(folder, 'npm'), { recursive: true })
    const lines = [
      'FROM scratch',
      'ADD base.tar /',
      'COPY node /usr/bin/node',
      'COPY npm /usr/lib/node_modules/npm',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/bin/npm',
    ]
    writeFileSync(join(folder, 'Containerfile'), lines.join('\n'))
    await runTool('buildah', ['build', '--isolation', 'chroot', '--tag', base, folder])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function npmFolder(): string {
  const program = process.env['npm_execpath'] ?? '/usr/lib/node_modules/npm/bin/npm-cli.js'
  return dirname(dirname(realpathSync(program)))
}

/** deploy/Containerfile as it is. The registry of this machine, its certificates and its cache are lent to `npm ci`. */
export async function buildImage(): Promise<void> {
  const lent = [
    ['/etc/ssl/certs', '/etc/ssl/certs:ro'],
    ['/usr/share/ca-certificates', '/usr/share/ca-certificates:ro'],
    ['/usr/local/share/ca-certificates', '/usr/local/share/ca-certificates:ro'],
    [join(homedir(), '.npmrc'), '/root/.npmrc:ro'],
    [join(homedir(), '.npm'), '/root/.npm:rw'],
  ]
  const volumes = lent.filter(([from = '']) => existsSync(from)).map((pair) => `--volume=${pair.join(':')}`)
  const args = [`VERSION=${packageFile.version}`, `BUILDER_IMAGE=${base}`, `BASE_IMAGE=${base}`]
  const given = args.map((arg) => `--build-arg=${arg}`)
  const file = ['--file', 'deploy/Containerfile', '--ignorefile', '.dockerignore']
  await runTool('buildah', [
    'build',
    '--isolation',
    'chroot',
    ...volumes,
    ...given,
    ...file,
    '--tag',
    image,
    '.',
  ])
}
