import { z } from 'zod'
import type { Translate } from '../../src/messages/message.ts'
import { card, dataTable, pageHead } from './data.ts'
import { html, type HtmlValue, type SafeHtml } from './html.ts'
import { badge } from './notice.ts'

// Of the document, what the page shows.
const schemaShape = z.looseObject({ type: z.union([z.string(), z.array(z.string())]).default('') })
const operationShape = z.object({
  tags: z.array(z.string()).default(['API']),
  summary: z.string().default(''),
  description: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([]),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        description: z.string().optional(),
        schema: schemaShape.optional(),
      }),
    )
    .default([]),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: z.unknown().optional() })) })
    .optional(),
  responses: z.record(z.string(), z.object({ description: z.string().optional() })).default({}),
})
const documentShape = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string().default('') }),
  paths: z.record(z.string(), z.record(z.string(), operationShape)).default({}),
})

type Operation = z.infer<typeof operationShape> & { method: string; path: string }

/** The operations of an OpenAPI document, to be read by people: grouped by tag, without any script. */
export function docsPage(t: Translate, document: unknown): SafeHtml {
  const { info, paths } = documentShape.parse(document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  )
  const groups = Map.groupBy(operations, ({ tags }) => tags[0] ?? 'API')
  const lead = html`${info.description} <a href="/api/openapi.json">openapi.json</a>`
  return html`${pageHead(t('docs.heading', { version: info.version }), { lead })}
  ${[...groups].map(([tag, members]) =>
    card(
      members.map((each) => operationEntry(t, each)),
      { title: tag },
    ),
  )}`
}

function operationEntry(t: Translate, operation: Operation): SafeHtml {
  const { method, path, summary, description } = operation
  const scopes = operation.security.flatMap(({ token = [] }) => token)
  return html`<details class="operation">
    <summary>
      <span class="method ${method === 'GET' ? 'reads' : 'writes'}">${method}</span> <code>${path}</code>
      <span class="summary">${summary}</span>
    </summary>
    <div class="body">
      ${description ? html`<p>${description}</p>` : null}
      ${scopes.length > 0 ? html`<p>${t('docs.scopes')} ${scopes.map((scope) => html`${badge('info', scope, 'key')} `)}</p>` : null}
      ${operation.parameters.length > 0 ? dataTable(t('docs.parameters'), parameterColumns(t), operation.parameters) : null}
      ${bodyOf(t, operation)}
      ${dataTable(t('docs.answers'), answerColumns(t), Object.entries(operation.responses))}
    </div>
  </details>`
}

type Parameter = Operation['parameters'][number]

function parameterColumns(t: Translate) {
  return [
    {
      label: t('docs.name'),
      cell: ({ name, required }: Parameter): HtmlValue =>
        html`<code>${name}</code>${required ? html` *` : null}`,
    },
    { label: t('docs.place'), cell: (parameter: Parameter): HtmlValue => parameter.in },
    {
      label: t('docs.type'),
      cell: ({ schema }: Parameter): HtmlValue => [schema?.type ?? ''].flat().join(', '),
    },
    { label: t('docs.meaning'), cell: ({ description }: Parameter): HtmlValue => description ?? '' },
  ]
}

function answerColumns(t: Translate) {
  return [
    { label: t('docs.status'), cell: ([status]: Answer): HtmlValue => html`<code>${status}</code>` },
    { label: t('docs.meaning'), cell: ([, { description }]: Answer): HtmlValue => description ?? '' },
  ]
}

type Answer = [status: string, answer: { description?: string | undefined }]

function bodyOf(t: Translate, { requestBody }: Operation): SafeHtml | null {
  const schema = Object.values(requestBody?.content ?? {}).at(0)?.schema
  if (schema === undefined) return null
  return html`<p>${t('docs.body')}</p>
    <pre tabindex="0"><code>${JSON.stringify(schema, null, 2)}</code></pre>`
}
