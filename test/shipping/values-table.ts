import type { ChartValue } from './values-schema.ts'

/** The part of a chart's README that explains every value, one table for each key of the top level that has several. */
export function valuesTables(values: readonly ChartValue[]): string {
  const single = values.filter(({ members }) => members === undefined)
  const groups = values.filter(({ members }) => members !== undefined)
  const sections = groups.map((group) =>
    [
      `### \`${group.path}\``,
      ...(group.heading === '' ? [] : [group.heading]),
      tableOf(leavesOf(group)),
    ].join('\n\n'),
  )
  return [...sections, '### Further values', tableOf(single)].join('\n\n')
}

function leavesOf(value: ChartValue): readonly ChartValue[] {
  return value.members === undefined ? [value] : value.members.flatMap(leavesOf)
}

function tableOf(values: readonly ChartValue[]): string {
  const rows = values.map(
    ({ path, description, preset }) =>
      `| \`${path}\` | ${cell(description)} | \`${cell(JSON.stringify(preset))}\` |`,
  )
  return ['| value | what it is | default |', '| --- | --- | --- |', ...rows].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
