import { z } from 'zod'
import { nameSchema } from './name-schema.ts'
import { syncSideSchema } from './sync-side-schema.ts'

const script = (text: string) => z.string().min(1).describe(`${text} JavaScript.`)
const scripts = (text: string) => {
  const one = z.string().min(1)
  return z
    .union([one, z.array(one).min(1)])
    .optional()
    .describe(`${text} JavaScript.`)
}
const policy = z.enum(['force', 'keep', 'merge'])
const policyText =
  '`force`: as the source says, also nothing; `keep`: only what is empty is filled; `merge`: values are added, none taken away.'

const pivot = z.strictObject({
  source: z.string().min(1).describe('Attribute or column of the source.'),
  destination: z
    .string()
    .min(1)
    .optional()
    .describe('Attribute of the destination; of the same name when absent.'),
  transform: script('Gives the value of the destination for `value`, one of the source.').optional(),
})

const dataset = z.strictObject({
  policy: policy.optional().describe(`${policyText} \`defaultPolicy\` when absent.`),
  from: z
    .string()
    .min(1)
    .optional()
    .describe('Attribute or column of the source; of the same name when absent.'),
  value: script('Computes what the source says, instead of `from`.').optional(),
  force: scripts('Values whatever the source says.'),
  create: scripts('Values of a new entry for which the source says nothing; with `merge` besides.'),
  default: scripts('Values of an existing entry for which the source says nothing; with `merge` besides.'),
  delimiter: z.string().optional().describe('Each of its characters splits values.'),
  exact: z
    .boolean()
    .default(false)
    .describe(
      'Compare byte by byte, so that a change of capitals is written. Else as the schema of the destination says.',
    ),
  references: z
    .union([nameSchema, z.array(nameSchema).min(1)])
    .optional()
    .describe(
      'Values are DNs of entries of the source, rewritten to where these tasks (this one too) have put them.',
    ),
})

const condition = (text: string) =>
  z
    .union([z.boolean(), z.string().min(1)])
    .default(true)
    .describe(`${text}: true, false or JavaScript.`)

const conditions = z.strictObject({
  create: condition('Whether an entry is created'),
  update: condition('Whether it is updated'),
  rename: condition('Whether it is renamed'),
  delete: condition('Whether one that the source does not have (any more) is removed'),
})

const deleteAfterDays = z
  .int()
  .min(0)
  .max(3_650)
  .optional()
  .describe('Days after which it is deleted for good. Never when absent.')

const clean = z.discriminatedUnion(
  'action',
  [
    z.strictObject({ action: z.literal('none') }),
    z.strictObject({
      action: z.literal('delete'),
      subtree: z.boolean().default(false).describe('With everything below it.'),
    }),
    z.strictObject({
      action: z.literal('disable').describe('The account is disabled as the service desk does it.'),
      deleteAfterDays,
    }),
    z.strictObject({
      action: z.literal('move'),
      to: z.string().describe('DN of the branch that takes it.'),
      deleteAfterDays,
    }),
  ],
  { error: '`action`: none, delete, disable or move' },
)

const share = (text: string, usual: number) => z.number().min(0).max(1).default(usual).describe(text)

const guards = z.strictObject({
  deletes: z
    .int()
    .min(0)
    .default(20)
    .describe('Removals of a run that need no approval, soft ones included.'),
  deleteShare: share(
    'The same as a share of the entries of the destination; the larger of both counts.',
    0.05,
  ),
  changeShare: share('Share of the entries of the destination that may be changed without approval.', 1),
  shrink: share('Share by which the source may have become smaller since the last run.', 0.1),
  allowEmptySource: z.boolean().default(false).describe('Take a source without entries at its word.'),
})

const hook = z.strictObject({
  after: z.enum(['create', 'update', 'rename', 'delete']).describe('The operation that it follows.'),
  command: z
    .string()
    .min(1)
    .describe(
      'Program that is run with the DN and the operation as arguments. No shell. Relative to the file that names it.',
    ),
  format: z
    .enum(['ldif', 'json'])
    .default('ldif')
    .describe('How it is told on stdin what was done: a change record, or the modifications as JSON.'),
})

const lsc = z.strictObject({
  source: z
    .string()
    .optional()
    .describe(
      'DN that `srcLdap` leaves out of names: that of the URL in the lsc.xml. Scripts read the source when it is there.',
    ),
  destination: z.string().optional().describe('The same of `ldap`, which reads the destination.'),
  includes: z
    .array(z.string())
    .default([])
    .describe('Files of JavaScript that run before its scripts. Relative to the file that names them.'),
  key: z
    .string()
    .optional()
    .describe(
      'File with the key of `SecurityUtils.encrypt` and `decrypt`. Relative to the file that names it.',
    ),
})

export const syncTaskSchema = z.strictObject({
  name: nameSchema.describe('Name of the task, unique in its tenant.'),
  description: z.string().optional().describe('What it is for, shown on its page.'),
  source: syncSideSchema.describe('Where entries come from.'),
  destination: syncSideSchema.describe('What is kept in step.'),
  presence: syncSideSchema
    .optional()
    .describe(
      'Read besides, for its pivots alone: what is in it is not gone. Keys that are absent are those of `source`.',
    ),
  pivots: z
    .array(z.union([z.string().min(1), pivot]))
    .min(1)
    .describe('What tells which entry is which, in order of priority: `uid`, or one name for each side.'),
  entryName: script('Gives the DN (or key) in the destination. That of the source when absent.').optional(),
  attributes: z
    .record(z.string().min(1), dataset)
    .describe(
      'What is written, by attribute of the destination. `{}` copies the attribute of the same name.',
    ),
  everyAttribute: z
    .boolean()
    .default(false)
    .describe('Copy every attribute that an entry of the source has, beside those of `attributes`.'),
  defaultPolicy: policy.default('force').describe(policyText),
  conditions: conditions.prefault({}).describe('What is done, and what not.'),
  clean: clean.default({ action: 'none' }).describe('What becomes of entries that the source does not have.'),
  guards: guards.prefault({}).describe('When a plan waits for somebody to approve it.'),
  ownsAccountState: z
    .boolean()
    .default(false)
    .describe('Write also what the service desk uses to disable and lock accounts. Else that is kept.'),
  hooks: z
    .array(hook)
    .default([])
    .describe('Programs that are run after operations. What they do is theirs: a failure is only told.'),
  lsc: lsc
    .optional()
    .describe(
      'The JavaScript of this task is written for LSC: with `srcBean` and `dstBean` instead of `source` and `destination`.',
    ),
  schedule: z.string().optional().describe('When it runs by itself: `15 2 * * *`, in `timezone`.'),
  timezone: z.string().default('Europe/Paris').describe('Time zone of `schedule`.'),
  follow: z
    .boolean()
    .default(false)
    .describe('Apply changes of the source as they happen, between the scheduled runs.'),
})
export type SyncTaskConfig = z.infer<typeof syncTaskSchema>
