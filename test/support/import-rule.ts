import { relative } from 'node:path'
import { importFault, tableSchema } from './import-table.ts'

// oxlint 1.89 exports no types for plugins: this much of ESLint's interface is used.
interface Context {
  filename: string
  cwd: string
  options: readonly unknown[]
  report(diagnostic: { node: Node; message: string }): void
}
type Node = { type: string; value?: unknown; name?: unknown }
type WithSource = { source: Node | null }
type Call = { callee: Node; arguments: readonly Node[] }

/**
 * The import rule as an oxlint plugin: every way to name a module (import, export from, import type, import(), typeof import,
 * require) is held against the table that is the rule's option in .oxlintrc.json.
 */
export default {
  meta: { name: 'idaas' },
  rules: { imports: { meta: { schema: false }, create: createVisitor } },
}

function createVisitor(context: Context) {
  const table = tableSchema.parse(context.options[0])
  const file = relative(context.cwd, context.filename)
  const check = (source: Node | null | undefined): void => {
    if (!source) return // `export { x }` without from
    const fault =
      source.type === 'Literal' && typeof source.value === 'string'
        ? importFault(table, file, source.value)
        : 'Write the path of an import out, so that the import rule can see it.'
    if (fault !== undefined) context.report({ node: source, message: fault })
  }
  const checkSource = ({ source }: WithSource): void => check(source)
  return {
    ImportDeclaration: checkSource,
    ExportNamedDeclaration: checkSource,
    ExportAllDeclaration: checkSource,
    ImportExpression: checkSource,
    TSImportType: checkSource,
    CallExpression({ callee, arguments: [first] }: Call) {
      if (callee.type === 'Identifier' && callee.name === 'require') check(first)
    },
  }
}
