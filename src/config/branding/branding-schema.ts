import { z } from 'zod'

/** In one of our languages or in both: whoever reads the other one gets what there is, marked as what it is. */
function inLanguages<T extends z.ZodType>(text: T, what: string) {
  return {
    fr: text.optional().describe(`${what} in French.`),
    en: text.optional().describe(`${what} in English.`),
  }
}

const label = z
  .strictObject(inLanguages(z.string().min(1), 'Text'))
  .refine(isInSome, 'a text `fr`, a text `en`, or both')
const document = inLanguages(z.string(), 'File')

function isInSome(texts: { fr?: unknown; en?: unknown }): boolean {
  return texts.fr !== undefined || texts.en !== undefined
}

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour of six digits: #7a1f3d')
const someFile = 'a file `fr`, a file `en`, or both'

const legal = z.strictObject(document).refine(isInSome, someFile)

const accessibility = z
  .strictObject({
    state: z
      .enum(['non-compliant', 'partially-compliant', 'fully-compliant'])
      .describe(
        'What the last audit found; `non-compliant` when there was none. The foot of every page says it.',
      ),
    ...document,
  })
  .refine(isInSome, someFile)

const link = z.strictObject({
  label: label.describe('What the link is called.'),
  url: z
    .url({ protocol: /^(https|mailto)$/, error: 'a URL https:// or mailto:' })
    .describe('Where it leads: https:// or mailto:.'),
})

const help = z.strictObject({
  mail: z.email({ error: 'a mail address' }).optional().describe('Mail address.'),
  phone: z.string().min(1).optional().describe('Phone number, as people write it.'),
  url: z
    .url({ protocol: /^https$/, error: 'a URL https://' })
    .optional()
    .describe('Page that helps: https://.'),
})

export const brandingSchema = z.strictObject({
  logo: z
    .string()
    .optional()
    .describe(
      'Image at the top of every page: svg, png, jpeg or webp, at most 200 kB. Relative to the file that names it. The first letter of `displayName` when absent.',
    ),
  logoDark: z
    .string()
    .optional()
    .describe(
      'The same for browsers in a dark scheme; `logo` on white when absent. The same file where it is good on both.',
    ),
  logoHasName: z
    .boolean()
    .default(false)
    .describe('The name can be read in the logo, so that the page need not write it beside it.'),
  icon: z.string().optional().describe('Icon of the browser’s tab: svg or png, square.'),
  colour: colour
    .optional()
    .describe(
      'Colour of links and buttons, `#rrggbb`: one on which white text can be read. Ours when absent.',
    ),
  colourDark: colour
    .optional()
    .describe('Colour of links in a dark scheme; a lighter shade of `colour` when absent.'),
  legal: legal.optional().describe('The page `/legal`: the legal notice, as text.'),
  accessibility: accessibility
    .optional()
    .describe('The page `/accessibility`: the statement that RGAA asks for, as text.'),
  links: z.array(link).default([]).describe('Further links at the foot of every page.'),
  help: help
    .optional()
    .describe(
      'Who helps, also those who cannot get in: at the foot of every page and where something went wrong.',
    ),
})
export type BrandingConfig = z.infer<typeof brandingSchema>
