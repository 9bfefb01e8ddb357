import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { deploy } from '../overlay/render-base.ts'

export const tektonFolder = join(deploy, 'tekton')

export const taskFiles: readonly string[] = readdirSync(join(tektonFolder, 'tasks')).map((file) =>
  join(tektonFolder, 'tasks', file),
)

const step = z.looseObject({
  name: z.string(),
  image: z.string(),
  script: z.string(),
  workingDir: z.string().optional(),
  securityContext: z.looseObject({}).optional(),
  computeResources: z.looseObject({ limits: z.looseObject({ memory: z.string() }) }).optional(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
})
const task = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.looseObject({ steps: z.array(step), stepTemplate: step.partial().optional() }),
})

/** The Tasks of the pipeline. */
export const tasks = taskFiles.map((file) => {
  const { metadata, spec } = task.parse(parse(readFileSync(file, 'utf8')))
  return { name: metadata.name, ...spec }
})

/** A task that is there. */
export function taskNamed(name: string): (typeof tasks)[number] {
  const found = tasks.find((each) => each.name === name)
  if (found === undefined) throw new Error(`there is no task ${name}`)
  return found
}
