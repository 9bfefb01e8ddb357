import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SafeHtml } from '../../../plugins/web/html.ts'
import { richText } from '../../../plugins/web/rich-text.ts'

const body = (text: string): string => markup(richText(text).body)
/** Without the line breaks between elements. */
const markup = (html: SafeHtml): string => String(html).replaceAll(/(?<=>)\s+(?=<)/g, '')

test('a title, headings, paragraphs and lists become what they are', () => {
  const { title, body: rest } = richText(`# Mentions légales

## Éditeur
Acme,
une société

- un
  et sa suite

- deux
1. premier
2) second
#### Détail
fin`)
  expect(title).toBe('Mentions légales')
  expect(markup(rest)).toBe(
    '<h2>Éditeur</h2><p>Acme,\nune société</p><ul><li>un\net sa suite</li><li>deux</li></ul>' +
      '<ol><li>premier</li><li>second</li></ol><h4>Détail</h4><p>fin</p>',
  )
})

test('a text without a title has none; a second `#` does not make a second h1', () => {
  expect(richText('Bonjour').title).toBeNull()
  expect(body('Bonjour\n\n# Encore')).toBe('<p>Bonjour</p><h2>Encore</h2>')
})

test.each([
  ['**fort** et *doux*', '<strong>fort</strong> et <em>doux</em>'],
  ['3 * 4 * 5', '3 * 4 * 5'],
  ['1 rue de la Paix\\\n75002 Paris', '1 rue de la Paix<br />75002 Paris'],
  ['\\*rien\\* \\<b>', '*rien* &lt;b&gt;'],
  [
    '[nous **écrire**](mailto:a@acme.example)',
    '<a href="mailto:a@acme.example">nous <strong>écrire</strong></a>',
  ],
  ['<mailto:a@acme.example>', '<a href="mailto:a@acme.example">a@acme.example</a>'],
  ['<https://acme.example/x>', '<a href="https://acme.example/x">https://acme.example/x</a>'],
  ['[ici](/accessibility)', '<a href="/accessibility">ici</a>'],
  ['[à compléter]', '[à compléter]'],
])('%s is read as Markdown reads it', (text, expected) => {
  expect(body(text)).toBe(`<p>${expected}</p>`)
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '/\\evil.example',
  'vbscript:x',
  'x',
])('a link to %s stays the text that it is', (address) => {
  expect(body(`[ici](${address})`)).not.toContain('<a')
})

test('whatever is written, no other tag gets in and no address that runs', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '<script>', '</p>', '<img src=x onerror=alert(1)>', '"', '" onclick="', '[', '](', ')', 'javascript:', 'https:', '//', '/', '<',
      '>', '\\', '\n', '\n\n', '- ', '# ', '1. ', '*', '**', '&lt;', 'a',
    ),
  ) // prettier-ignore
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const page = body(pieces.join(''))
      const left = page
        .replaceAll(/<\/?(?:h[234]|p|ul|ol|li|strong|em|a)>|<br \/>/g, '')
        .replaceAll(/<a href="(?:(?:https?|mailto|tel):|\/(?![/\\]))[^"<>]*">/g, '')
      expect(left).not.toMatch(/[<>]/)
    }),
    { numRuns: 2_000 },
  )
})
