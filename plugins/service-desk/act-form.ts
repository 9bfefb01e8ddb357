import { z } from 'zod'
import type { DeskAct } from '../../src/accounts/reason.ts'
import { typedDay } from './validity-days.ts'

const ticked = z.literal('on').optional()
const common = z.strictObject({ reason: z.string().max(500).default('') })

/** The fields of the forms as browsers send them: a box that is not ticked is not there. */
export const actForms = {
  unlock: common,
  enable: common,
  'require-change': common,
  lock: common,
  disable: common,
  reset: common.extend({ password: z.string().max(1_000).default(''), mustChange: ticked, notify: ticked }),
  validity: common.extend({ from: typedDay, until: typedDay }),
  rename: common.extend({ login: z.string().max(256).default('') }),
} satisfies Record<DeskAct, z.ZodType>

/** What was typed, of whichever act. */
export type ActForm = { reason: string } & Partial<
  z.infer<typeof actForms.reset> & z.infer<typeof actForms.validity> & z.infer<typeof actForms.rename>
>
