import { parseArgs, styleText } from 'node:util'
import { commandText as t } from '../../src/messages/command-text.ts'
import { IncompleteSource } from '../connectors/connector.ts'
import { ExpressionFaults } from '../expressions/prepare.ts'
import { type LintFinding, lintSeverities } from '../lint/lint-finding.ts'
import { lintTask } from '../lint/lint-task.ts'
import type { Task } from '../task/task.ts'
import { type CommandHost, commonOptions, type Work, withEngine } from './command-host.ts'
import { exitCodes } from './exit-codes.ts'
import { tasksNamed } from './tasks-named.ts'

const options = { ...commonOptions, all: { type: 'boolean' }, strict: { type: 'boolean' } } as const

/** Looks for faults in the mappings of tasks, on the systems that they name; nothing is written. With `--strict` warnings count too. */
export async function check(args: string[], host: CommandHost): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  return await withEngine(host, values, async (work) => {
    const tasks = tasksNamed(work, positionals, values.all ?? false)
    if (tasks === null) return exitCodes.usage
    const print = values.json === true ? printJson : printText
    let worst: number = exitCodes.done
    for (const task of tasks)
      worst = Math.max(worst, await checkOne(task, work, print, values.strict ?? false))
    return worst
  })
}

type Print = (task: Task, findings: readonly LintFinding[]) => void

async function checkOne(
  task: Task,
  { engine, signal }: Work,
  print: Print,
  isStrict: boolean,
): Promise<number> {
  try {
    const findings = await lintTask(task, engine.services, signal)
    print(task, findings)
    const severities = findings.map(({ code }) => lintSeverities[code])
    const isSound = !severities.includes('error') && !(isStrict && severities.includes('warning'))
    return isSound ? exitCodes.done : exitCodes.entryErrors
  } catch (error) {
    if (error instanceof ExpressionFaults) {
      for (const { place, text } of error.faults) process.stderr.write(`${place}: ${text}\n`)
      return exitCodes.configuration
    }
    if (!(error instanceof IncompleteSource)) throw error
    const { reason, message: detail } = error
    process.stderr.write(`${t('sync.command.incomplete', { task: task.name, reason, detail })}\n`)
    return exitCodes.incomplete
  }
}

const printText: Print = ({ name }, findings) => {
  const blocks = findings.map(block)
  process.stdout.write(
    blocks.length === 0
      ? `${t('sync.lint.sound', { task: name })}\n`
      : `${bold(t('sync.lint.task', { task: name }))}\n\n${blocks.join('\n\n')}\n\n`,
  )
}

function block({ code, params }: LintFinding): string {
  const label = t(`doctor.severity.${lintSeverities[code]}`)
  const text = t(`sync.lint.${code}.says`, params)
  return `${bold(t('command.labelled', { label, text }))}  [${code}]\n  ${t(`sync.lint.${code}.why`, params)}`
}

const printJson: Print = ({ name }, findings) => {
  for (const { code, params } of findings) {
    const finding = { event: 'finding', task: name, code, severity: lintSeverities[code], params }
    process.stdout.write(`${JSON.stringify(finding)}\n`)
  }
}

function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout })
}
