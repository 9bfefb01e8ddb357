const backgrounds = ['#dbe7f3', '#f3e3d6', '#dff0e3', '#efe1f1', '#f6ecc9', '#d9eef0', '#f4dada', '#e4e4ee']
const skins = ['#f6d7bf', '#f1c9a5', '#e3b18a', '#cf9468', '#ad7148', '#8a5636', '#6a4029', '#fae0d0']
const hairs = [
  '#2a211d',
  '#4b3325',
  '#6f4a2b',
  '#96673a',
  '#c79a5b',
  '#dcc08a',
  '#a44a2a',
  '#8e8a88',
  '#1c1c24',
]
const clothes = ['#2c4bd2', '#2f6f5e', '#8c2f45', '#3a4154', '#b5652a', '#5d4a8a', '#1f7a9a', '#7a7f2f']

/** A friendly face as SVG, 240 by 240: each byte decides one trait. Long and short hair go with every name. */
export function portrait(traits: Uint8Array): string {
  const trait = (at: number) => traits[at] ?? 0
  const pick = (at: number, values: readonly string[]) => values[trait(at) % values.length] ?? ''
  const skin = pick(1, skins)
  const hair = pick(2, hairs)
  const cloth = pick(3, clothes)
  const { back, front } = hairstyles[trait(4) % hairstyles.length] ?? bald
  const hasGlasses = trait(5) % 4 === 0
  const parts = [
    `<rect width="240" height="240" fill="${pick(0, backgrounds)}"/>`,
    back(hair),
    shoulders(skin, cloth, trait(6) % 3),
    face(skin, 30 + (trait(7) % 7), trait(8) % 3),
    front(hair),
    hasGlasses ? glasses : '',
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240" width="240" height="240">${parts.join('')}</svg>`
}

function shoulders(skin: string, cloth: string, collar: number): string {
  const neck = `<path d="M100 140h40v38q-20 18-40 0z" fill="${skin}"/><path d="M100 158q20 16 40 0v8q-20 16-40 0z" fill="#000" opacity=".12"/>`
  const body = `<path d="M28 240c2-46 30-62 70-70q22 20 44 0c40 8 68 24 70 70z" fill="${cloth}"/>`
  return body + neck + (collars[collar] ?? '')
}

const collars = [
  '<path d="M96 168q24 30 48 0l8 4q-32 38-64 0z" fill="#fff" opacity=".35"/>',
  '<path d="M98 166 120 190 90 200 84 174zM142 166 120 190 150 200 156 174z" fill="#fff" opacity=".85"/>',
  '<path d="M98 168 120 206 142 168 150 172 120 222 90 172z" fill="#000" opacity=".25"/>',
]

/** `reach`: how far from the middle the eyes' line reaches; `mouth`: one of three smiles. */
function face(skin: string, reach: number, mouth: number): string {
  const ears = `<ellipse cx="77" cy="112" rx="8" ry="12" fill="${skin}"/><ellipse cx="163" cy="112" rx="8" ry="12" fill="${skin}"/>`
  const head = `<path d="M76 100c0-34 18-50 44-50s44 16 44 50c0 36-20 62-44 62s-44-26-44-62z" fill="${skin}"/>`
  const eye = Math.round(reach / 1.8)
  const eyes = [120 - eye, 120 + eye].map(
    (x) =>
      `<ellipse cx="${x}" cy="108" rx="4" ry="5" fill="#2b2320"/><path d="M${x - 9} 96q9-6 18 0" fill="none" stroke="#2b2320" stroke-width="3" stroke-linecap="round" opacity=".7"/>`,
  )
  const nose =
    '<path d="M120 112q-5 12 2 14" fill="none" stroke="#000" opacity=".25" stroke-width="3" stroke-linecap="round"/>'
  return ears + head + eyes.join('') + nose + (mouths[mouth] ?? '')
}

const mouths = [
  '<path d="M105 136q15 12 30 0" fill="none" stroke="#7c3a35" stroke-width="4" stroke-linecap="round"/>',
  '<path d="M103 134q17 20 34 0z" fill="#fff" stroke="#7c3a35" stroke-width="2.5" stroke-linejoin="round"/>',
  '<path d="M108 138q13 7 25-3" fill="none" stroke="#7c3a35" stroke-width="4" stroke-linecap="round"/>',
]

const glasses =
  '<g fill="none" stroke="#2b2f3a" stroke-width="3"><rect x="88" y="98" width="28" height="21" rx="9"/><rect x="124" y="98" width="28" height="21" rx="9"/><path d="M116 106q4-3 8 0M88 105l-11-3M152 105l11-3"/></g>'

type Hairstyle = { back(colour: string): string; front(colour: string): string }

const none = () => ''
const shape = (d: string) => (colour: string) => `<path d="${d}" fill="${colour}"/>`
const bald: Hairstyle = { back: none, front: none }

const hairstyles: readonly Hairstyle[] = [
  // short, parted
  {
    back: none,
    front: shape('M74 104c-6-46 18-64 48-64s50 16 44 64c-4-20-8-30-20-34-22 4-44 2-54-6-10 8-16 20-18 40z'),
  },
  // short, brushed up
  {
    back: none,
    front: shape(
      'M75 102c-6-30 2-50 18-56 16-14 50-12 62 2 14 8 14 34 10 54-4-14-8-26-14-32-20-6-42-6-60 0-8 6-13 18-16 32z',
    ),
  },
  // to the chin
  {
    back: shape('M66 150c-8-70 10-112 54-112s62 42 54 112c-30 16-78 16-108 0z'),
    front: shape('M76 104c-2-40 18-58 44-58s46 18 44 58c-6-22-14-32-30-38-18 18-42 22-58 38z'),
  },
  // long
  {
    back: shape('M60 214c-6-30 0-60 2-100 2-50 26-78 58-78s56 28 58 78c2 40 8 70 2 100-36 12-84 12-120 0z'),
    front: shape('M76 106c-2-42 18-60 44-60s46 18 44 60c-8-26-20-38-44-46-24 8-36 20-44 46z'),
  },
  // a bun
  {
    back: shape('M120 14a24 24 0 1 1 0 48 24 24 0 1 1 0-48z'),
    front: shape('M75 106c-4-44 18-62 45-62s49 18 45 62c-5-24-18-36-45-40-27 4-40 16-45 40z'),
  },
  // curls
  {
    back: shape(
      'M72 130c-18-10-16-34-4-42-8-24 10-40 26-40 14-20 42-18 54-2 18-2 34 16 26 42 12 10 12 34-6 42z',
    ),
    front: shape(
      'M76 100c-6-30 8-48 22-50 10-10 38-10 46 0 14 2 26 20 20 50-6-10-12-16-20-20-14 6-34 6-48 0-10 4-16 10-20 20z',
    ),
  },
  // very short
  { back: none, front: shape('M77 96c-2-34 18-50 43-50s45 16 43 50c-6-16-20-28-43-28s-37 12-43 28z') },
]
