import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, foldWords } from '../../src/accounts/fold.ts'

describe('the folded form', () => {
  it.each([
    ['Élodie LEFÈVRE', 'elodie lefevre'],
    ['Zoé ŒUVRARD', 'zoe oeuvrard'],
    ['Jean-Noël D’HERVÉ', 'jean noel d herve'],
    ["d'herve", 'd herve'],
    ['Thị Lan NGUYỄN', 'thi lan nguyen'],
    ['Weiß, WEIẞ', 'weiss weiss'],
    ['Łukasz Østergård', 'lukasz ostergard'],
    ['Þórsson Ísak Đoković', 'thorsson isak dokovic'],
    ['İbrahim Işık', 'ibrahim isik'],
    ['Ættestup', 'aettestup'],
    ['ﬁn\u00a0de\u202fligne', 'fin de ligne'],
    ['O\u02bcBrien Ka\u02bbahumanu', 'o brien ka ahumanu'],
    ['Saint\u2010Étienne\u2011du\u2013Bois\u2014Nord', 'saint etienne du bois nord'],
    ['elodie.lefevre@acme.example', 'elodie lefevre acme example'],
    ['Ελένη Παπαδοπούλου', 'ελενη παπαδοπουλου'],
    ['ΟΔΥΣΣΕΥΣ Οδυσσεύς', 'οδυσσευσ οδυσσευσ'],
    ['Артём Соловьёв', 'артем соловьев'],
    [' -- ', ''],
  ])('of %j is %j', (text, folded) => {
    expect(fold(text)).toBe(folded)
  })

  it('is the same for composed and decomposed letters', () => {
    expect(fold('Élodie'.normalize('NFD'))).toBe(fold('Élodie'.normalize('NFC')))
  })

  it('is folded already: folding it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fold(fold(text))).toBe(fold(text))
      }),
    )
  })

  it('has the words between its spaces, and none when it is empty', () => {
    expect(foldWords('D’HERVÉ, Jean-Noël')).toEqual(['d', 'herve', 'jean', 'noel'])
    expect(foldWords('…')).toEqual([])
  })
})
