/** A person of the test directory. Person `i` is the same in every run, whatever the number of people. */
export interface Person {
  uid: string
  givenName: string
  sn: string
  mail: string
  telephoneNumber: string
  mobile: string | undefined
  title: string
  departmentNumber: string
  /** The site. */
  l: string
  employeeNumber: string
  employeeType: 'staff' | 'contractor'
  /** Index of the manager; undefined for the first person. */
  manager: number | undefined
}

type Known = Pick<Person, 'uid' | 'givenName' | 'sn'> & Partial<Person>

/** People that tests ask for by name; they come first. `hugo` is a service desk agent, `ada` an administrator. */
const known: readonly Known[] = [
  { uid: 'ada', givenName: 'Ada', sn: 'BENALI', title: 'Directrice des systèmes d’information' },
  { uid: 'alice', givenName: 'Alice', sn: 'MARTIN' },
  { uid: 'hugo', givenName: 'Hugo', sn: 'GRÜNWALD', title: 'Service desk agent' },
  { uid: 'elefevre', givenName: 'Élodie', sn: 'LEFÈVRE', telephoneNumber: '+33 4 77 00 00 01' },
  { uid: 'zoeuvrard', givenName: 'Zoé', sn: 'ŒUVRARD' },
  { uid: 'jndherve', givenName: 'Jean-Noël', sn: "D'HERVÉ" },
  { uid: 'tlnguyen', givenName: 'Thị Lan', sn: 'NGUYỄN' },
]

export const givenNames = (
  'Jean Marie Pierre Luc Élodie Chloé Anaïs Noël Zoë François Hélène Jürgen Søren Łukasz Nadia Karim Fátima Omar Linh Yuki ' +
  'Olga Ivan Anna Åsa Paul Mairéad Jānis Linda Jiří Sofía José Inês Malik Aïcha Gaël Léa Emma Loïc Jules Maëlle'
).split(' ')
export const familyNames = (
  'Bernard,Dubois,Thomas,Robert,Richard,Petit,Durand,Leroy,Moreau,Simon,Laurent,Lefèvre,Michel,García,Bertrand,Roux,' +
  'Fournier,Girard,Mercier,Lambert,Bonnet,François,Martínez,Müller,Schröder,Weiß,Novák,Kowalski,Jensen,Østergaard,' +
  "Nguyễn,Kim,Öztürk,Ivanov,O'Brien,van Dijk,de la Cruz,Çelik,Ó Briain,Ångström,Cœur,Le Goff,Þórsson,Lœwenstein"
).split(',')
const titles = [
  'Engineer',
  'Accountant',
  'Architecte logiciel',
  'Chargée de clientèle',
  'Directeur de projet',
]
const sites = ['Paris', 'Lyon', 'Saint-Étienne', 'Berlin', 'København', 'Wrocław', 'São Paulo', 'Montréal']

/** Makes `count` people. Managers form a tree: whoever manages comes earlier, and the first person is on top. */
export function makePeople(count: number): Person[] {
  const random = randomFrom(2)
  return Array.from({ length: count }, (_, index) => makePerson(index, random))
}

function makePerson(index: number, random: () => number): Person {
  const pick = (values: readonly string[]): string => values[Math.floor(random() * values.length)] ?? ''
  const number = String(index).padStart(6, '0')
  const givenName = known[index]?.givenName ?? pick(givenNames)
  const sn = known[index]?.sn ?? pick(familyNames)
  const managers = Math.min(index, 2 + Math.floor(index / 12))
  return {
    uid: `u${number}`,
    mail: `${asciiWord(givenName)}.${asciiWord(sn)}${known[index] ? '' : `.${index}`}@example.org`,
    telephoneNumber: `+33 1 40 ${number.slice(0, 2)} ${number.slice(2, 4)} ${number.slice(4)}`,
    mobile: random() < 0.4 ? `+33 6 ${String(Math.floor(10_000_000 + random() * 89_999_999))}` : undefined,
    title: pick(titles),
    departmentNumber: `D${String(Math.floor(random() * 200)).padStart(3, '0')}`,
    l: pick(sites),
    employeeNumber: String(100_000 + index),
    employeeType: random() < 0.85 ? 'staff' : 'contractor',
    manager: index === 0 ? undefined : Math.floor(random() * managers),
    givenName,
    sn,
    ...known[index],
  }
}

/** A seeded sequence of numbers in [0, 1) (mulberry32): the same in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

function asciiWord(name: string): string {
  const special: Record<string, string> = { œ: 'oe', ø: 'o', ł: 'l', ß: 'ss', þ: 'th', đ: 'd' }
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[œøłßþđ]/g, (letter) => special[letter] ?? '')
    .replace(/[^a-z0-9]/g, '')
}
