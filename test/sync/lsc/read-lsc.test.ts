import { expect, test } from 'vitest'
import { LscFault } from '../../../sync/lsc/lsc-note.ts'
import { readLsc } from '../../../sync/lsc/read-lsc.ts'

const file = (version: string, task: string, rest = ''): string =>
  `<lsc xmlns="http://lsc-project.org/XSD/lsc-core-${version}.xsd"><tasks>${task}</tasks><connections>
  <ldapConnection><password>p&amp;w</password><name>d</name><username>cn=lsc</username><url>ldap://localhost/dc=x</url></ldapConnection>
  </connections>${rest}</lsc>`

const service = (more = ''): string =>
  `<connection reference="d"/><oneFilter>(uid={uid})</oneFilter><baseDn> ou=a,dc=x </baseDn><allFilter>(uid=*)</allFilter>${more}`
const task = (options: string, more = ''): string => `<task>
  <propertiesBasedSyncOptions><mainIdentifier>"uid=x"</mainIdentifier>${options}</propertiesBasedSyncOptions>
  <ldapDestinationService>${service('<fetchedAttributes><string>cn</string></fetchedAttributes>')}</ldapDestinationService>
  <ldapSourceService>${service('<pivotAttributes><string>uid</string></pivotAttributes>')}</ldapSourceService>
  <name>People</name>${more}</task>`

test('elements are in any order, and those that are absent have their defaults', () => {
  const read = readLsc(file('2.2', task('<dataset><name>cn</name></dataset>')))
  expect(read.notes).toEqual([])
  expect(read.connections).toEqual([
    expect.objectContaining({
      kind: 'ldap',
      name: 'd',
      password: 'p&w',
      authentication: 'SIMPLE',
      referral: 'IGNORE',
      derefAliases: 'NEVER',
      pageSize: -1,
      tlsActivated: false,
      recursiveDelete: false,
      relaxRules: false,
      binaryAttributes: [],
      notes: [],
    }),
  ])
  expect(read.tasks).toEqual([
    expect.objectContaining({
      name: 'People',
      errorIfEmptySource: true,
      notes: [],
      source: expect.objectContaining({
        baseDn: 'ou=a,dc=x',
        fetched: ['*'],
        pivots: ['uid'],
        clean: null,
        all: { text: '(uid=*)', script: false, line: expect.any(Number) },
      }),
      options: expect.objectContaining({
        policy: 'FORCE',
        delimiter: '',
        conditions: { create: 'true', update: 'true', delete: 'true', changeId: 'true' },
        datasets: [
          {
            name: 'cn',
            line: expect.any(Number),
            policy: null,
            delimiter: null,
            forceValues: null,
            createValues: null,
            defaultValues: null,
          },
        ],
      }),
    }),
  ])
})

test.for([
  ['2.0', ';'],
  ['2.1', ';'],
  ['2.2', ''],
  ['2.3', ''],
])('the delimiter that version %s means by an empty element is “%s”', ([version = '', delimiter]) => {
  const [read] = readLsc(file(version, task('<defaultDelimiter></defaultDelimiter>'))).tasks
  expect(read?.options.delimiter).toBe(delimiter)
})

test('what is not known, missing or wrong is told with its line', () => {
  const odd = task(
    '<defaultPolicy>REPLACE</defaultPolicy>\n<conditions><rename>true</rename></conditions>',
    '\n<customLibrary><string>com.acme.Rules</string></customLibrary>\n<syncHook>com.acme.Hook.run</syncHook><colour>blue</colour>',
  )
  const read = readLsc(file('2.1', odd, '\n<security/>\n<extra/>'))
  const line = read.tasks[0]?.line ?? 0
  expect(read.notes).toEqual([
    { weight: 'ignored', line: expect.any(Number), text: '<extra> in <lsc> is not known' },
  ])
  expect(read.tasks[0]?.notes.toSorted((one, other) => one.line - other.line)).toEqual([
    {
      weight: 'cannot',
      line: line + 1,
      text: '<defaultPolicy> is none of FORCE, KEEP, MERGE',
    },
    { weight: 'ignored', line: line + 2, text: '<rename> in <conditions> is not known' },
    { weight: 'cannot', line: line + 6, text: expect.stringContaining('com.acme.Rules is a class of Java') },
    { weight: 'cannot', line: line + 7, text: expect.stringContaining('<syncHook> calls a method of Java') },
    { weight: 'ignored', line: line + 7, text: '<colour> in <task> is not known' },
  ])
})

test('a task that lacks a part says so once', () => {
  const [read] = readLsc(file('2.1', '<task><name>T</name><nisSourceService/></task>')).tasks
  expect(read?.isWhole).toBe(false)
  expect(read?.notes.map(({ text }) => text)).toEqual([
    'the task has no source service',
    'the task has no destination service',
    'the task has no sync options',
    '<nisSourceService> in <task> is not known',
  ])
})

test('environment variables are put in before anything is read; what is none stays', () => {
  const text = file('2.1', task('<dataset><name>${ATTRIBUTE}</name><delimiter>${NONE}</delimiter></dataset>'))
  const read = readLsc(text, { ATTRIBUTE: 'a<b&"$1' })
  expect(read.tasks[0]?.options.datasets[0]).toMatchObject({ name: 'a<b&"$1', delimiter: '${NONE}' })
  expect(read.notes).toEqual([
    { weight: 'ignored', line: expect.any(Number), text: expect.stringContaining('variable NONE') },
  ])
})

test('a file that is no lsc.xml is refused where it breaks', () => {
  expect(() => readLsc('<lsc>\n<tasks>\n</lsc>')).toThrow(LscFault)
  expect(() => readLsc('<beans/>')).toThrow('<beans> is no <lsc>')
  expect(() => readLsc('<!DOCTYPE lsc [<!ENTITY x SYSTEM "file:///etc/passwd">]><lsc>&x;</lsc>')).toThrow(
    LscFault,
  )
})
