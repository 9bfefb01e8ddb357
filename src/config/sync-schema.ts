import { z } from 'zod'
import { syncConnectionSchema } from './sync-connection-schema.ts'
import { syncTaskSchema } from './sync-task-schema.ts'

const lsc = z.strictObject({
  file: z.string().describe('An lsc.xml, whose tasks run as they are. Relative to the file that names it.'),
  clean: z.boolean().default(false).describe('Run the clean phases too (`-c all`).'),
  schedule: z
    .string()
    .optional()
    .describe('When its tasks run, one after the other: `15 2 * * *`, in Europe/Paris.'),
  compat: z
    .literal('lsc')
    .optional()
    .describe(
      'Do also what LSC does wrong: compare values byte by byte, rename without updating, let no guard hold a plan.',
    ),
  ca: z
    .string()
    .optional()
    .describe(
      'PEM file of the authorities that its connections trust, where LSC had the trust store of Java. Relative to the file that names it.',
    ),
})

const webhook = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'a URL https://' })
    .describe('Address that gets a POST at the end of each run.')
    .meta({ writeOnly: true }),
  secret: z
    .string()
    .min(16)
    .optional()
    .describe('Signs the body: `Idaas-Signature: sha256=...` (HMAC). At least 16 characters.')
    .meta({ writeOnly: true }),
  on: z
    .enum(['every', 'attention'])
    .default('every')
    .describe('`attention`: only runs that failed, are held, were incomplete or had entry errors.'),
})

export const syncSchema = z.strictObject({
  connections: z
    .array(syncConnectionSchema)
    .default([])
    .describe('Systems that tasks read or write, beside the directories.'),
  tasks: z.array(syncTaskSchema).default([]).describe('What is kept in step with what.'),
  includes: z
    .array(z.string())
    .default([])
    .describe(
      'Files of JavaScript whose functions all expressions may use. Relative to the file that names them.',
    ),
  lsc: z.array(lsc).default([]).describe('Configurations of LSC, run as they are.'),
  webhooks: z.array(webhook).default([]).describe('Who is told of the end of runs.'),
  retentionDays: z.int().min(1).default(90).describe('Days that runs and what they changed are kept.'),
})
export type SyncConfig = z.infer<typeof syncSchema>
