import { assert, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { avatar, initials } from '../../../plugins/web/avatar.ts'
import { dataTable, definitions } from '../../../plugins/web/data.ts'
import { errorSummary, faultTexts } from '../../../plugins/web/error-summary.ts'
import { field, passwordField } from '../../../plugins/web/form.ts'
import { html } from '../../../plugins/web/html.ts'
import { mailUrl, path, phoneUrl, safeUrl } from '../../../plugins/web/safe-url.ts'
import { momentText } from '../../../plugins/web/time.ts'
import { translator } from '../../../src/messages/message.ts'

const t = translator('fr')

describe('html', () => {
  test('lets no value out of its place, in content or in a quoted attribute', () => {
    assert(
      property(string({ unit: 'binary' }), (value) => {
        const page = String(html`<p title="${value}">${value}</p>`)
        const inside = page.slice('<p title="'.length, -'</p>'.length)
        expect(inside.replace('">', '')).not.toMatch(/[<>"']/)
      }),
      { numRuns: 2_000 },
    )
  })

  test('leaves nothing for null, and joins lists', () => {
    expect(String(html`<p>${['a', null, html`<b>b</b>`, undefined, 0]}</p>`)).toBe('<p>a<b>b</b>0</p>')
  })
})

describe('an address from the directory', () => {
  const harmful = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' \tjavascript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://x/y',
    '//evil.example',
    '/path',
    'no address',
    '',
  ]
  test.each(harmful)('%j is no link', (text) => {
    expect(safeUrl(text)).toBeNull()
  })

  test('to the web, a mailbox or a phone is one', () => {
    expect(['https://acme.example/é', 'http://x', 'mailto:a@b', 'tel:+334'].map(safeUrl)).toEqual([
      'https://acme.example/%C3%A9',
      'http://x/',
      'mailto:a@b',
      'tel:+334',
    ])
  })

  test('of a mailbox adds no header and no second recipient', () => {
    expect(mailUrl('a@b.example?cc=evil@x.example,c@d')).toBe(
      'mailto:a@b.example%3Fcc%3Devil@x.example%2Cc@d',
    )
  })

  test('of a phone has the digits that one dials', () => {
    expect(['+33 (0)4 77 00 00 01', '04.77.00.00.01', 'poste 12', 'sur demande', '+'].map(phoneUrl)).toEqual([
      'tel:+33477000001',
      'tel:0477000001',
      'tel:12',
      null,
      null,
    ])
  })

  test('of a person survives what logins hold', () => {
    expect(path('people', 'é/l o@d?#%')).toBe('/people/%C3%A9%2Fl%20o%40d%3F%23%25')
  })
})

describe('a field', () => {
  test('is tied to its hint and its faults', () => {
    const markup = String(
      field({
        name: 'site',
        label: 'Site',
        hint: 'Ville',
        faults: [
          { field: 'site', text: 'Non' },
          { field: 'x', text: 'Autre' },
        ],
      }),
    )
    expect(markup).toMatch(/<label for="field-site">/)
    expect(markup).toMatch(
      /id="field-site"[^>]*aria-describedby="hint-site fault-site"[^>]*aria-invalid="true"/s,
    )
    expect(markup).not.toContain('Autre')
  })

  test('for a password never comes back filled', () => {
    const options = { name: 'p', label: 'P', autocomplete: 'new-password' as const, value: 'secret' }
    expect(String(passwordField(options))).not.toContain('secret')
  })
})

describe('the summary of a form', () => {
  test('links each fault to its field, in words, and counts them', () => {
    const faults = faultTexts(t, [
      { field: 'password', reason: 'too-short', params: { min: 15 } },
      { field: '', reason: 'no-such-reason' },
    ])
    const markup = String(errorSummary(t, faults, { password: 'Mot de passe' }))
    expect(markup).toContain('role="alert"')
    expect(markup).toMatch(
      /<a href="#field-password">\s*Mot de passe – Utilisez au moins 15 caractères\.\s*<\/a>/,
    )
    expect(markup).toContain('Cette valeur n’est pas acceptée.')
    expect(errorSummary(t, [])).toBeNull()
  })
})

test('initials are the first letters of the first and the last word, whatever the script', () => {
  const names = [
    'Jean-Noël D’HERVÉ',
    'Élodie LEFÈVRE',
    'NGUYỄN Thị Minh Khai',
    'ольга петрова',
    'Cher',
    '  ',
    '(Zoé) Œuvrard',
    'o’Neil',
  ]
  expect(names.map(initials)).toEqual(['JD', 'ÉL', 'NK', 'ОП', 'C', '', 'ZŒ', 'O'])
})

test("a person's tint is the same everywhere, and a photo takes its place", () => {
  expect(String(avatar('Zoé'))).toBe(String(avatar('Zoé')))
  expect(String(avatar('Zoé', { photo: '/people/zoe/photo' }))).toContain('src="/people/zoe/photo"')
})

test('what has no value has no line, and a table says its labels on a phone', () => {
  expect(
    String(
      definitions([
        ['Bureau', null],
        ['Site', 'Lyon'],
      ]),
    ),
  ).not.toContain('Bureau')
  const table = String(
    dataTable(
      'Comptes',
      [
        { label: 'Nom', cell: (row: string) => row },
        { label: 'État', cell: () => 'actif' },
      ],
      ['Zoé'],
    ),
  )
  expect(table).toMatch(/data-label="État"/)
})

test('times are those of the tenant, in words of the reader', () => {
  const date = new Date('2026-11-25T23:30:00Z')
  expect([momentText('fr', date), momentText('en', date, 'UTC')]).toEqual([
    '26 novembre 2026 à 00:30',
    'November 25, 2026 at 11:30 PM',
  ])
})
