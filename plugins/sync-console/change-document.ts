import { z } from 'zod'
import type { JournalFinding } from '../../src/store/sync-journal.ts'
import { changeKinds, changeStates } from '../../src/store/sync-terms.ts'
import type { ShownChange } from './describe-change.ts'

const value = z
  .union([
    z.object({ text: z.string() }),
    z.object({ bytes: z.int().describe('How many.') }),
    z.object({ hidden: z.literal(true).describe('A secret.') }),
  ])
  .meta({ id: 'SyncValue' })

/** A change as the API shows it. */
export const changeSchema = z
  .object({
    id: z.int(),
    kind: z.enum(changeKinds),
    state: z.enum(changeStates).describe('`sent`: given to the destination, whose answer is not known yet.'),
    name: z.string().describe('DN or key in the destination.'),
    to: z.string().nullable().describe('New name, of a rename.'),
    source: z.string().nullable().describe('Name in the source.'),
    rule: z.string().nullable(),
    from: z.string().nullable(),
    attributes: z.array(
      z.object({
        attribute: z.string(),
        before: z.array(value).describe('Values that go.'),
        after: z.array(value).describe('Values that come.'),
        kept: z.int().describe('Values that stay.'),
        rule: z.string().nullable().describe('What of the task caused it.'),
        from: z.string().nullable().describe('Place of the expression, or attribute of the source.'),
      }),
    ),
    attempts: z.int(),
    error: z.object({ code: z.string(), detail: z.string() }).nullable(),
  })
  .meta({ id: 'SyncChange' })

export function changeDocument({ seq, sourceName, ...change }: ShownChange): z.infer<typeof changeSchema> {
  return { id: seq, source: sourceName, ...change }
}

/** What a run tells about a record that it left alone or could not use. */
export const findingSchema = z
  .object({
    id: z.int(),
    kind: z.string(),
    subject: z.string().describe('Name of the entry, or place in a file.'),
    detail: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'SyncFinding' })

export function findingDocument({
  seq,
  ...finding
}: JournalFinding & { seq: number }): z.infer<typeof findingSchema> {
  return { id: seq, ...finding, detail: { ...finding.detail } }
}
