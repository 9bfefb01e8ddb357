import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { trivy } from './tools.ts'

const run = promisify(execFile)

export type Misconfiguration = {
  /** Of the manifests it was found in. */
  readonly name: string
  readonly id: string
  readonly says: string
}

/** `password: ${env:LDAP_PASSWORD}` is no secret: it says where one is. What is left under such a key is one. */
const reference = /\b(?:password|secret): ('?)\$\{(?:env|file):[^}]*\}\1/g

/** What trivy finds of severity medium or higher in manifests, by their name, with the policies that are built in. It is started once: that takes most of the time. */
export async function misconfigurations(
  manifests: Readonly<Record<string, string>>,
): Promise<Misconfiguration[]> {
  const folder = await mkdtemp(join(tmpdir(), 'trivy-'))
  try {
    for (const [name, text] of Object.entries(manifests))
      await writeFile(join(folder, `${name}.yaml`), text.replaceAll(reference, 'reads: elsewhere'))
    const severity = ['--severity', 'MEDIUM,HIGH,CRITICAL']
    const args = ['config', '--skip-policy-update', '--quiet', ...severity, '--format', 'json', folder]
    const { stdout } = await run(await trivy(), args, { maxBuffer: 50_000_000 })
    const { Results } = report.parse(JSON.parse(stdout))
    const read = new Set(Results.map(({ Target }) => Target))
    const unread = Object.keys(manifests).filter((name) => !read.has(`${name}.yaml`))
    if (unread.length > 0) throw new Error(`trivy read no manifest of ${unread.join(', ')}`)
    return Results.flatMap(({ Target, Misconfigurations }) =>
      Misconfigurations.map(({ AVDID, Message }) => ({
        name: Target.replace(/\.yaml$/, ''),
        id: AVDID,
        says: Message,
      })),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

const report = z.object({
  Results: z.array(
    z.object({
      Target: z.string(),
      Misconfigurations: z.array(z.object({ AVDID: z.string(), Message: z.string() })).default([]),
    }),
  ),
})
