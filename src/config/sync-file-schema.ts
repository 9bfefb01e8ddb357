import { z } from 'zod'
import { nameSchema } from './name-schema.ts'

const name = nameSchema.describe('Name of the connection, unique in its tenant. Tasks refer to it.')
const path = z.string().min(1).describe('The file. Relative to the file that names it.')

/** How a file tells that all of it arrived: one that did not would delete people. */
const endKeys = {
  newline: z
    .boolean()
    .default(true)
    .describe(
      'A file whose last line has no line end counts as cut off. `false` when its producer never writes that one.',
    ),
  minimum: z.int().min(0).default(0).describe('A file with fewer records than this counts as cut off.'),
}
const end = z
  .strictObject(endKeys)
  .prefault({})
  .describe('How to know that the whole file arrived. Nothing is deleted because of a file that was cut off.')

const csvEnd = z
  .strictObject({
    ...endKeys,
    line: z
      .string()
      .min(1)
      .optional()
      .describe(
        'What the first column of the last line holds, when the file ends with a line that is no record: `FIN`. A number in its second column is how many lines come before it, the header not counted. Without that line the file counts as cut off.',
      ),
  })
  .prefault({})
  .describe('How to know that the whole file arrived. Nothing is deleted because of a file that was cut off.')

/** How dates of a source are read. Values become GeneralizedTime in UTC, as LDAP has it: `20261231230000Z`. */
export const dateRuleSchema = z.strictObject({
  columns: z.array(z.string().min(1)).min(1).describe('Columns that hold dates.'),
  format: z
    .string()
    .regex(/^(?=.*dd)(?=.*MM)(?=.*yyyy)[^A-Za-z]*(?:(?:dd|MM|yyyy|HH|mm|ss|T)[^A-Za-z]*)+$/, {
      error: 'a format of dd, MM, yyyy, HH, mm and ss: dd/MM/yyyy',
    })
    .default('dd/MM/yyyy')
    .describe(
      'How they are written, of `dd`, `MM`, `yyyy`, `HH`, `mm` and `ss`. Not for date columns of SQL.',
    ),
  zone: z
    .string()
    .refine(isTimeZone, 'a time zone: Europe/Paris')
    .default('Europe/Paris')
    .describe('Time zone in which they are meant (IANA).'),
  time: z
    .enum(['start', 'end'])
    .default('start')
    .describe(
      'What a date without a time means: the start of the day, or its end (the last day of a contract).',
    ),
  never: z
    .array(z.string().min(1))
    .default([])
    .describe('Values that stand for no date. Dates of the year 9999 always do.'),
})
export type DateRule = z.infer<typeof dateRuleSchema>

export const separatorsSchema = z
  .record(z.string().min(1), z.string().min(1))
  .describe('Text between the values of a column that holds several, by column: `mail: ","`.')

export const severalRowsSchema = z
  .boolean()
  .describe('Several rows with one key are one record: what differs between them becomes several values.')

export const csvConnection = z.strictObject({
  kind: z.literal('csv').describe('A file of lines and columns.'),
  name,
  path,
  encoding: z
    .enum(['auto', 'utf-8', 'windows-1252'])
    .default('auto')
    .describe('`auto`: UTF-8, with or without byte order mark, when it reads as that, else Windows-1252.'),
  delimiter: z
    .union([z.literal('auto'), z.string().length(1)])
    .default('auto')
    .describe(
      'Character between columns. `auto`: the most frequent of `;`, `,`, tab and `|` in the first line.',
    ),
  quote: z
    .string()
    .max(1)
    .default('"')
    .describe('Character around columns that hold delimiters or line ends; empty for none.'),
  header: z
    .union([z.literal('first-line'), z.array(z.string().min(1)).min(1)])
    .default('first-line')
    .describe(
      'Names of the columns in order, for a file whose first line is a record already. Columns of one name are several values.',
    ),
  key: z.string().min(1).describe('Column that names the record: the staff number.'),
  severalRows: severalRowsSchema.default(false),
  separators: separatorsSchema.default({}),
  dates: z.array(dateRuleSchema).default([]).describe('Columns that hold dates.'),
  end: csvEnd,
})
export type CsvConnection = z.infer<typeof csvConnection>

export const ldifConnection = z.strictObject({
  kind: z.literal('ldif').describe('A file of entries as `slapcat` and `ldapsearch` write it.'),
  name,
  path,
  binary: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Attributes with binary values, beside those that usually have (`jpegPhoto`, `userCertificate`).',
    ),
  end,
})
export type LdifConnection = z.infer<typeof ldifConnection>

export const jsonLinesConnection = z.strictObject({
  kind: z.literal('jsonl').describe('A file with a JSON object in each line. Lists are several values.'),
  name,
  path,
  key: z.string().min(1).describe('Member that names the record.'),
  dates: z.array(dateRuleSchema).default([]).describe('Members that hold dates.'),
  end,
})
export type JsonLinesConnection = z.infer<typeof jsonLinesConnection>

function isTimeZone(text: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
