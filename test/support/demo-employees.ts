import { fold } from '../../src/accounts/fold.ts'
import { familyNames, givenNames, randomFrom } from './people.ts'

export type Employee = {
  uid: string
  givenName: string
  sn: string
  title: string
  department: string
  site: Site
  extension: string
  mobile: string | null
  manager: Employee | null
  isStaff: boolean
}
type Site = { name: string; prefix: string }

const sites: readonly Site[] = [
  { name: 'Paris', prefix: '+33 1 40 00' },
  { name: 'Lyon', prefix: '+33 4 72 00' },
  { name: 'Saint-Étienne', prefix: '+33 4 77 00' },
  { name: 'Bruxelles', prefix: '+32 2 500' },
  { name: 'Berlin', prefix: '+49 30 2300' },
  { name: 'Wrocław', prefix: '+48 71 300' },
  { name: 'København', prefix: '+45 33 00' },
]

/** Departments with their share of the people in percent, the titles of those who lead, and of those who work there. */
export const departments: readonly {
  name: string
  share: number
  lead: string
  titles: readonly string[]
}[] = [
  {
    name: 'Direction générale',
    share: 1,
    lead: 'Directrice générale',
    titles: ['Chargé de mission', 'Assistante de direction'],
  },
  {
    name: 'Finances',
    share: 6,
    lead: 'Directeur financier',
    titles: ['Comptable', 'Contrôleuse de gestion', 'Trésorier'],
  },
  {
    name: 'Ressources humaines',
    share: 5,
    lead: 'Directrice des ressources humaines',
    titles: ['Gestionnaire de paie', 'Chargée de recrutement'],
  },
  {
    name: 'Systèmes d’information',
    share: 9,
    lead: 'Directrice des systèmes d’information',
    titles: ['Ingénieur système', 'Architecte logicielle', 'Cheffe de projet', 'Technicien de proximité'],
  },
  {
    name: 'Recherche et développement',
    share: 20,
    lead: 'Directeur de la recherche',
    titles: ['Ingénieure de recherche', 'Chercheur', 'Data scientist', 'Technicienne de laboratoire'],
  },
  {
    name: 'Production',
    share: 28,
    lead: 'Directeur industriel',
    titles: ['Responsable de ligne', 'Opératrice', 'Ingénieur qualité', 'Logisticienne'],
  },
  {
    name: 'Ventes',
    share: 12,
    lead: 'Directrice commerciale',
    titles: ['Ingénieur commercial', 'Key account manager', 'Attachée commerciale'],
  },
  {
    name: 'Relation client',
    share: 13,
    lead: 'Directeur de la relation client',
    titles: ['Conseillère clientèle', 'Technicien support'],
  },
  {
    name: 'Juridique',
    share: 3,
    lead: 'Directrice juridique',
    titles: ['Juriste', 'Déléguée à la protection des données'],
  },
  {
    name: 'Communication',
    share: 3,
    lead: 'Directeur de la communication',
    titles: ['Graphiste', 'Chargée de communication'],
  },
]

type Known = Pick<Employee, 'uid' | 'givenName' | 'sn'> & {
  title: string
  department: number
  extension?: string
  site?: number
}

/** Those whom the tour and the tests know; they come first. */
const known: readonly Known[] = [
  {
    uid: 'ada',
    givenName: 'Ada',
    sn: 'Benali',
    title: 'Directrice des systèmes d’information',
    department: 3,
  },
  { uid: 'hugo', givenName: 'Hugo', sn: 'Grünwald', title: 'Technicien de proximité', department: 3 },
  { uid: 'alice', givenName: 'Alice', sn: 'Martin', title: 'Comptable', department: 1 },
  {
    uid: 'elefevre',
    givenName: 'Élodie',
    sn: 'Lefèvre',
    title: 'Ingénieure de recherche',
    department: 4,
    site: 2,
    extension: '00 01',
  },
  { uid: 'zoeuvrard', givenName: 'Zoé', sn: 'Œuvrard', title: 'Juriste', department: 8 },
  { uid: 'jndherve', givenName: 'Jean-Noël', sn: 'd’Hervé', title: 'Key account manager', department: 6 },
  { uid: 'tlnguyen', givenName: 'Thị Lan', sn: 'Nguyễn', title: 'Data scientist', department: 4 },
]

/** The people of the demo: the same in every run. Managers come before those they manage. */
export function makeEmployees(count: number): Employee[] {
  const random = randomFrom(7)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] ?? neverEmpty()
  const taken = new Set(known.map(({ uid }) => uid))
  const leads: Employee[] = []
  const all: Employee[] = []
  const hire = (index: number, part: Known | null, asLead: number | null): Employee => {
    const at = part?.department ?? asLead ?? pickDepartment(random())
    const { name: department, lead, titles } = departments[at] ?? neverEmpty()
    const givenName = part?.givenName ?? pick(givenNames)
    const sn = part?.sn ?? pick(familyNames)
    const isLead = asLead !== null
    const manager = isLead ? (leads[0] ?? null) : pickManager(all, department, leads[at] ?? null, random)
    const employee = {
      uid: part?.uid ?? freeLogin(givenName, sn, taken),
      givenName,
      sn,
      title: part?.title ?? (isLead ? lead : pick(titles)),
      department,
      site: sites[part?.site ?? Math.floor(random() ** 1.4 * sites.length)] ?? neverEmpty(),
      extension:
        part?.extension ??
        `${String(10 + Math.floor(index / 100)).padStart(2, '0')} ${String(index % 100).padStart(2, '0')}`,
      mobile:
        random() < 0.5
          ? `+33 6 ${digits(random, 2)} ${digits(random, 2)} ${digits(random, 2)} ${digits(random, 2)}`
          : null,
      manager,
      isStaff: random() < 0.9,
    }
    all.push(employee)
    return employee
  }
  const [ada, ...others] = known
  for (const at of departments.keys()) leads[at] = hire(at, at === 3 ? (ada ?? null) : null, at)
  for (const one of others) hire(all.length, one, null)
  while (all.length < count) hire(all.length, null, null)
  return all
}

function pickDepartment(at: number): number {
  let left = at * 100
  return departments.findIndex(({ share }) => (left -= share) < 0)
}

/** Teams of about eight below the head of the department. */
function pickManager(
  all: readonly Employee[],
  department: string,
  lead: Employee | null,
  random: () => number,
): Employee | null {
  const colleagues = all.filter((one) => one.department === department)
  const teamLeads = colleagues.slice(0, 1 + Math.floor(colleagues.length / 9))
  return teamLeads[Math.floor(random() * teamLeads.length)] ?? lead
}

function freeLogin(givenName: string, sn: string, taken: Set<string>): string {
  const base = `${fold(givenName).slice(0, 1)}${fold(sn).replaceAll(' ', '')}`
  let login = base
  for (let n = 2; taken.has(login); n++) login = `${base}${n}`
  taken.add(login)
  return login
}

function digits(random: () => number, count: number): string {
  return Array.from({ length: count }, () => Math.floor(random() * 10)).join('')
}

function neverEmpty(): never {
  throw new Error('an empty list')
}
