import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format } from 'oxfmt'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { configJsonSchema, publishedJsonSchema } from '../../src/config/json-schema.ts'
import formatting from '../../.oxfmtrc.json' with { type: 'json' }
import { environment, folderOf } from './config-folder.ts'
import { referenceText } from './reference-text.ts'

// `npm test -- config/published -u` writes both files anew.
const schemaFile = fileURLToPath(new URL('../../docs/idaas.schema.json', import.meta.url))
const page = fileURLToPath(new URL('../../docs/configuration.md', import.meta.url))

async function formatted(file: string, text: string): Promise<string> {
  const { ignorePatterns: _, ...options } = formatting
  return (await format(file, text, options)).code
}

describe('docs', () => {
  test('hold the JSON Schema of this version', async () => {
    const text = JSON.stringify(publishedJsonSchema())
    await expect(await formatted(schemaFile, text)).toMatchFileSnapshot(schemaFile)
  })

  test('explain every key of this version', async () => {
    const written = await readFile(page, 'utf8')
    const head = written.slice(0, written.indexOf('<!-- From here on'))
    const note = '<!-- From here on made of the schema: `npm test -- config/published -u`. -->'
    await expect(
      await formatted(page, `${head}${note}\n\n${referenceText(configJsonSchema())}\n`),
    ).toMatchFileSnapshot(page)
  })

  test.each(['one file', 'folder'])('show a configuration without faults: %s', async (title) => {
    const examples = (await readFile(page, 'utf8'))
      .split(/^## /m)
      .find((section) => section.startsWith(`Example: ${title}`))
    const files = [...(examples ?? '').matchAll(/^```yaml\n# (\S+\.yaml)\n([^]*?)^```$/gm)].map((match) => [
      match[1],
      match[2],
    ])
    const folder = await folderOf({
      ...Object.fromEntries(files),
      'secrets/database': 'postgres://idaas@db/idaas\n',
    })
    const env = {
      ...environment,
      IDAAS_KEY: environment.KEY,
      CLOUD_SECRET: 'cloud-secret',
      IDAAS_CONFIG: folder,
    }
    const { config, warnings } = await loadConfig(env)
    expect(config.tenants.map(({ name }) => name)).toEqual(['acme'])
    expect(config.tenants[0]?.roles).toHaveLength(2)
    expect(warnings).toEqual([])
  })
})
