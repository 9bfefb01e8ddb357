import { describe, expect, it } from 'vitest'
import { hiddenMask } from '../../../../src/accounts/people/people-index/hidden-mask.ts'
import type { IndexedPerson } from '../../../../src/accounts/people/people-index/indexed-person.ts'
import {
  createPeopleIndex,
  type SearchOptions,
} from '../../../../src/accounts/people/people-index/people-index.ts'
import { Problem } from '../../../../src/problems/problem.ts'

function person(id: string, name: string, more: Partial<IndexedPerson> = {}): IndexedPerson {
  const nothing = { mail: [], phone: [], title: [], department: [], site: [], hidden: 0 }
  return { directory: 'people', id, login: id, names: [name], ...nothing, ...more }
}

function indexOf(...people: readonly IndexedPerson[]) {
  const index = createPeopleIndex({ country: 'FR', locale: 'fr' })
  for (const one of people) index.put(one)
  return index
}

function finder(...people: readonly IndexedPerson[]) {
  const index = indexOf(...people)
  return (query: string, options: Partial<SearchOptions> = {}): string[] =>
    index.search(query, { audience: 'person', limit: 100, ...options }).ids.map(({ id }) => id)
}

const elodie = person('elefevre', 'Élodie LEFÈVRE', {
  mail: ['elodie.lefevre@acme.example'],
  phone: ['+33 4 77 00 00 01'],
  title: ['Ingénieure réseau'],
  site: ['Saint-Étienne'],
})
const zoe = person('zoeuvrard', 'Zoé ŒUVRARD', { phone: ['+33 4 77 00 00 02'], department: ['DSI'] })
const herve = person('jndherve', "Jean-Noël D'HERVÉ", { phone: ['+32 2 123 45 67'] })
const lan = person('tlnguyen', 'Thị Lan NGUYỄN', { mail: ['lan.nguyen@acme.example'] })

describe('people are found as French hands type', () => {
  const find = finder(elodie, zoe, herve, lan)

  it.each([
    ['lefevre', elodie],
    ['LEFEVRE elodie', elodie],
    ['élod lef', elodie],
    ['oeuvrard', zoe],
    ["d'herve", herve],
    ['d’hervé', herve],
    ['jean noel', herve],
    ['nguyen', lan],
    ['efevr', elodie],
    ['ingenieure', elodie],
    ['lefevre saint-etienne', elodie],
    ['dsi', zoe],
    ['0477000001', elodie],
    ['77 00 00 01', elodie],
    ['04.77.00.00.01', elodie],
    ['+33477000001', elodie],
    ['0033477000001', elodie],
    ['+33 (0)4 77 00 00 01', elodie],
    ['elodie 0001', elodie],
    ['021234567', herve],
    ['+32 2 123 45 67', herve],
    ['elodie.lefevre@acme.example', elodie],
    ['lefevre@acme', elodie],
    ['tlnguyen', lan],
  ])('%s', (query, found) => {
    expect(find(query)).toEqual([found.id])
  })

  it('not by two letters inside a word, nor by three digits of a number', () => {
    expect(find('ef')).toEqual([])
    expect(find('001')).toEqual([])
  })

  it('not when one of the words is nowhere', () => {
    expect(find('lefevre zoe')).toEqual([])
  })

  it('also when the directory writes the number as it is dialled', () => {
    expect(finder(person('a', 'A', { phone: ['04 77 00 00 01'] }))('+33 4 77 00 00 01')).toEqual(['a'])
  })

  it('by logins with a slash, an at sign, spaces or accents', () => {
    const logins = ['ops/ann', 'ann@ops', 'ann  lee', 'Renée', '//']
    const findLogin = finder(...logins.map((login, i) => person(`${i}`, 'Somebody', { login })))
    expect(['OPS/ANN', 'ann@ops', ' ann lee', 'RENÉE', '//'].map((login) => findLogin(login)[0])).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ])
  })
})

describe('the order', () => {
  it('is exact login, then words of the name, beginnings of it, other words, and the rest', () => {
    const find = finder(
      person('part', 'Anne Guymartinet'),
      person('site', 'Bea', { site: ['Martin'] }),
      person('start', 'Carl Martineau'),
      person('word', 'Dora Martin'),
      person('x', 'Zoé', { login: 'martin' }),
    )
    expect(find('martin')).toEqual(['x', 'word', 'start', 'site', 'part'])
  })

  it('puts a whole mail address first, though others contain it', () => {
    const find = finder(
      person('2', 'Aa', { mail: ['jean.martin@acme.example.org'] }),
      person('1', 'Jean Martin', { mail: ['jean.martin@acme.example'] }),
    )
    expect(find('jean.martin@acme.example')).toEqual(['1', '2'])
  })

  it('is by name as the locale sorts, then by id, when people match alike or all are listed', () => {
    const people = [
      person('6', 'Zoé'),
      person('2', 'Émile'),
      person('1', 'emile'),
      person('5', 'étienne'),
      person('4', 'Zoe'),
      person('3', 'Emilie'),
      person('0', 'Zoé'),
    ]
    expect(finder(...people)('')).toEqual(['1', '2', '3', '5', '4', '0', '6'])
  })

  it('by name takes no account of how well people match', () => {
    const find = finder(person('a', 'Anne', { site: ['Martin'] }), person('b', 'Martin'))
    expect(find('martin')).toEqual(['b', 'a'])
    expect(find('martin', { sort: 'name' })).toEqual(['a', 'b'])
  })
})

describe('what an audience may not see', () => {
  const secretive = person('s', 'Sam Secret', {
    phone: ['+33 6 12 34 56 78'],
    mail: ['sam@private.example'],
    hidden: hiddenMask((audience) =>
      audience === 'agent' ? new Set() : new Set(['phone', 'mail', 'photo']),
    ),
  })
  const absent = person('a', 'Sam Absent', {
    hidden: hiddenMask((audience) => (audience === 'public' ? 'entry' : new Set())),
  })
  const find = finder(secretive, absent)

  it('finds nobody', () => {
    expect(find('0612345678')).toEqual([])
    expect(find('private')).toEqual([])
    expect(find('sam@private.example')).toEqual([])
  })

  it('still finds them for an audience that may see it', () => {
    expect(find('0612345678', { audience: 'agent' })).toEqual(['s'])
    expect(find('sam@private.example', { audience: 'agent' })).toEqual(['s'])
  })

  it('hides an entry from matches, lists and counts', () => {
    expect(find('sam', { audience: 'public' })).toEqual(['s'])
    expect(find('a', { audience: 'public' })).toEqual([])
    const index = indexOf(secretive, absent)
    expect(index.search('', { audience: 'public', limit: 10 })).toMatchObject({ total: 1, next: null })
    expect(index.search('', { audience: 'person', limit: 10 })).toMatchObject({ total: 2, next: null })
  })
})

describe('pages', () => {
  const ids = Array.from({ length: 25 }, (_, i) => String(i).padStart(2, '0'))
  const index = indexOf(...ids.map((id) => person(id, `Person ${id}`)))
  const read = (after: string | null) =>
    index.search('person', { audience: 'person', limit: 10, ...(after === null ? {} : { after }) })

  it('follow each other to the end, each with the total', () => {
    const first = read(null)
    const second = read(first.next)
    const third = read(second.next)
    expect([first, second, third].flatMap((page) => page.ids.map(({ id }) => id))).toEqual(ids)
    expect([first.total, third.total, third.next]).toEqual([25, 25, null])
  })

  it('neither repeat nor skip anyone when people come and go between them', () => {
    const first = read(null)
    index.remove({ directory: 'people', id: '09' })
    index.put(person('early', 'Aaron Person'))
    index.put(person('late', 'Person 10b'))
    expect(read(first.next).ids.map(({ id }) => id)).toEqual([
      '10',
      'late',
      '11',
      '12',
      '13',
      '14',
      '15',
      '16',
      '17',
      '18',
    ])
  })

  it('refuse a cursor that no page gave', () => {
    expect(() => read('bm9uc2Vuc2U')).toThrow(Problem)
  })
})

describe('a change', () => {
  it('is found at once, and what it replaced is not', () => {
    const index = indexOf(elodie)
    index.put({ ...elodie, names: ['Élodie MARCHAND'], mail: [] })
    const total = (query: string) => index.search(query, { audience: 'person', limit: 10 }).total
    expect([total('marchand'), total('lefevre acme'), total('')]).toEqual([1, 0, 1])
    index.remove(elodie)
    index.remove(elodie)
    expect([total('marchand'), total(''), index.size()]).toEqual([0, 0, 0])
  })

  it('of one directory leaves the same id of another alone', () => {
    const index = indexOf(elodie, { ...elodie, directory: 'guests' })
    index.remove(elodie)
    expect(index.search('lefevre', { audience: 'person', limit: 10 }).ids).toEqual([
      { directory: 'guests', id: 'elefevre' },
    ])
  })
})

it('lists everyone who is in it', () => {
  const index = indexOf(elodie, zoe)
  index.remove(elodie)
  expect([...index.people()]).toEqual([{ directory: 'people', id: 'zoeuvrard' }])
})
