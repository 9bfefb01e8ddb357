import { pathToFileURL } from 'node:url'
import { resolveTool } from './tools/install-tools.ts'

type Node = { name: string; from: number; to: number; type: { isError: boolean } }
type Parser = { parse(text: string): { iterate(options: { enter(node: Node): void }): void } }

/** The metrics that a PromQL expression reads. Throws where it cannot be read, by the grammar of Prometheus' own editor. */
export async function metricsRead(expression: string): Promise<string[]> {
  const { parser }: { parser: Parser } = await import(
    pathToFileURL(await resolveTool('@prometheus-io/lezer-promql')).href
  )
  const names: string[] = []
  parser.parse(expression).iterate({
    enter({ name, from, to, type }) {
      if (type.isError) throw new Error(`not PromQL at ${from}: ${expression}`)
      if (name === 'VectorSelector') names.push(expression.slice(from, to).replace(/\{.*/s, ''))
    },
  })
  return names
}
