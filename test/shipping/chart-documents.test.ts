import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import formatting from '../../.oxfmtrc.json' with { type: 'json' }
import { readValues, valuesSchema } from './values-schema.ts'
import { valuesTables } from './values-table.ts'

// `npm test -- shipping/chart -u` writes both files anew.
const file = (name: string) => fileURLToPath(new URL(`../../charts/idaas/${name}`, import.meta.url))

async function formatted(name: string, text: string): Promise<string> {
  const { ignorePatterns: _, ...options } = formatting
  return (await format(name, text, options)).code
}

const values = readValues(parseDocument(await readFile(file('values.yaml'), 'utf8')))

test('the schema of the values is that of the comments in values.yaml', async () => {
  const text = JSON.stringify(valuesSchema(values))
  await expect(await formatted('values.schema.json', text)).toMatchFileSnapshot(file('values.schema.json'))
})

test('the README explains every value', async () => {
  const written = await readFile(file('README.md'), 'utf8')
  const note = '<!-- From here on made of values.yaml: `npm test -- shipping/chart -u`. -->'
  const head = written.split('<!-- From here on')[0] ?? ''
  await expect(
    await formatted('README.md', `${head}${note}\n\n${valuesTables(values)}\n`),
  ).toMatchFileSnapshot(file('README.md'))
})
