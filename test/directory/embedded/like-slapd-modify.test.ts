import { expect, test } from 'vitest'
import { codeAs, dnOf } from './peers.ts'
import { as, bothPeers, change, inTurn, less, more, read, set, type Case } from './side-by-side.ts'

const cases: Case[] = [
  ['modify', change('sue', set('title', 'Boss'), more('description', 'a', 'b')), '0'],
  ['modify: add what is there', change('sue', more('cn', 'SUE  PERSON')), '20'],
  ['modify: delete what is not there', change('tom', less('title')), '16'],
  ['modify: delete a value that is not there', change('tom', less('cn', 'x')), '16'],
  [
    'modify: delete a value in another spelling',
    inTurn(change('tom', more('cn', 'Tom Two')), change('tom', less('cn', 'TOM two'))),
  ],
  ['modify: replace with nothing what is not there', change('tom', set('title')), '0'],
  ['modify: delete the last required value', change('tom', less('sn')), '65'],
  ['modify: delete the name', change('tom', less('uid')), '64'],
  ['modify: replace the name', change('tom', set('uid', 'tim'))],
  ['modify: two values for one', change('tom', set('displayName', 'a', 'b')), '19'],
  ['modify: the same value twice', change('tom', set('description', 'a', 'A'))],
  ['modify: a value that is no DN', change('tom', set('manager', 'nobody')), '21'],
  ['modify: a mail that is not ASCII', change('tom', set('mail', 'é@example.org')), '21'],
  ['modify: a telephone number with letters', change('tom', set('telephoneNumber', '04 77 é')), '21'],
  [
    'modify: a photo',
    inTurn(
      change('tom', set('jpegPhoto', Buffer.from([0xff, 0xd8, 0xff, 0]))),
      change('tom', less('jpegPhoto', Buffer.from([1]))),
    ),
  ],
  ['modify: another structural class', change('tom', set('objectClass', 'organizationalRole'))],
  [
    'modify: one more class',
    inTurn(
      change('tom', more('objectClass', 'labeledURIObject'), more('labeledURI', 'https://example.org')),
      read('tom'),
    ),
  ],
  ['modify: a class without what it requires', change('tom', more('objectClass', 'posixAccount')), '65'],
  [
    'modify: increment what is not there',
    change('tom', { operation: 'increment', attribute: 'uidNumber', values: ['1'] }),
  ],
  [
    'modify: all or nothing',
    inTurn(change('uma', set('title', 'x'), less('roomNumber')), read('uma', 'title')),
  ],
  [
    'modify: steps in turn',
    inTurn(change('uma', more('title', 'x'), less('title', 'X'), more('title', 'y')), read('uma', 'title')),
  ],
  ['modify: nobody', change('nobody', set('title', 'x')), '32'],
  ['modify: a unique value', change('uma', set('mail', 'ANN@example.org')), '19'],
  [
    'modify: by its owner',
    (peer) => codeAs(peer, as('ann'), (c) => c.modify(dnOf('ann'), [set('title', 'x')])),
    '50',
  ],
]

const onBoth = bothPeers()

test.each(cases)('%s', async (_, run, expected) => {
  const { embedded, slapd } = await onBoth(run)
  expect(embedded).toEqual(slapd)
  expect(slapd).toEqual(expected ?? slapd)
})
