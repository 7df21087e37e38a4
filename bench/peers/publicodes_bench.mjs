// The rules of the benchmark on publicodes. usage: node publicodes_bench.mjs ROWS
//
// Prints one JSON object. Parsing the rules, reading the companies and a first pass over some of them, after which the
// rules run as compiled code, are not counted. publicodes computes with floating-point numbers, so each total is
// rounded to a ten-thousandth of a yuan before it is added.
import fs from 'node:fs'
import Engine from 'publicodes'

const WARM_UP = 500
const rows = Number(process.argv[2] ?? 1000)
const file = new URL('data/sample.jsonl', import.meta.url)
const companies = fs.readFileSync(file, 'utf8').trim().split('\n').slice(0, rows).map((line) => JSON.parse(line))
if (companies.length < rows) {
  console.error(`${file.pathname} has ${companies.length} companies, not ${rows}`)
  process.exit(1)
}

const CITIES = [
  'shenzhen', 'guangzhou', 'beijing', 'shanghai', 'hangzhou', 'suzhou', 'chengdu', 'wuhan',
  'xian', 'nanjing', 'dongguan', 'foshan', 'hefei', 'tianjin', 'chongqing', 'changsha',
]
const TYPES = ['enterprise', 'university', 'institute', 'association', 'sole_trader']
const INDUSTRIES = [
  'ai', 'medical', 'semiconductor', 'software', 'robotics', 'biotech',
  'energy', 'materials', 'logistics', 'retail', 'construction', 'other',
]
const AMOUNTS = {
  contract: 'contract_amount', model: 'model_spend', data: 'data_spend', revenue: 'revenue',
  'previous revenue': 'prev_revenue', research: 'rd_spend', interest: 'loan_interest', premium: 'export_premium',
}
const GROWTH = [[1e9, 110, 1e6], [1e8, 115, 5e5], [2e7, 120, 3e5], [5e6, 130, 1e5]]

const code = (values) => ({ 'une possibilité': values.map((value) => `'${value}'`) })
const all = (...conditions) => ({ 'toutes ces conditions': conditions })
const any = (...conditions) => ({ 'une de ces conditions': conditions })
const choose = (condition, yes, no) => ({ variations: [{ si: condition, alors: yes }, { sinon: no }] })
const enterprise = "firm . type = 'enterprise'"

const rules = {
  firm: null,
  'firm . city': code(CITIES),
  'firm . type': code(TYPES),
  'firm . industry': code(INDUSTRIES),
  'firm . dishonest': { question: '?', type: 'booléen' },
  'firm . high tech': { question: '?', type: 'booléen' },
  'firm . age': { question: '?', unité: 'an' },
  'firm . staff': { question: '?' },
  'firm . area': { question: '?' },
  'firm . patents': { question: '?' },
  ...Object.fromEntries(Object.keys(AMOUNTS).map((name) => [`firm . ${name}`, { question: '?', unité: 'CNY' }])),
  base: all(
    "firm . city = 'shenzhen'",
    any(enterprise, "firm . type = 'university'", "firm . type = 'institute'"),
    'firm . dishonest = non',
  ),
  startup: all('firm . age <= 5 an', 'firm . staff <= 200'),
  'compute voucher': {
    'applicable si': all('base', 'firm . contract > 0 CNY'),
    valeur: 'firm . contract * rate',
    plafond: '10000000 CNY',
    avec: { rate: choose('startup', '60%', '50%') },
  },
  'model voucher': {
    'applicable si': all('base', enterprise, 'firm . model > 0 CNY'),
    valeur: 'firm . model * 50%',
    plafond: '2000000 CNY',
  },
  'data voucher': {
    'applicable si': all('base', 'firm . data > 0 CNY'),
    valeur: 'firm . data * rate',
    plafond: '5000000 CNY',
    avec: { rate: choose(any("firm . industry = 'ai'", "firm . industry = 'medical'"), '40%', '30%') },
  },
  'research subsidy': {
    'applicable si': all('base', enterprise, 'firm . revenue > 0 CNY', 'firm . research >= 5% * firm . revenue'),
    barème: {
      assiette: 'firm . research',
      tranches: [{ taux: '10%', plafond: '1000000 CNY' }, { taux: '8%', plafond: '10000000 CNY' }, { taux: '5%' }],
    },
    plafond: '8000000 CNY',
  },
  'high tech reward': {
    'applicable si': all('base', 'firm . high tech'),
    ...choose('firm . staff < 300', '200000 CNY', '300000 CNY'),
  },
  'growth reward': {
    'applicable si': all('base', enterprise, 'firm . previous revenue > 0 CNY'),
    variations: [
      ...GROWTH.map(([revenue, percent, amount]) => ({
        si: all(
          `firm . revenue >= ${revenue} CNY`,
          `firm . revenue >= ${percent}% * firm . previous revenue`,
        ),
        alors: `${amount} CNY`,
      })),
      { sinon: '0 CNY' },
    ],
  },
  'loan interest': {
    'applicable si': all(
      'base', 'firm . staff <= 300', 'firm . revenue <= 400000000 CNY', 'firm . interest > 0 CNY',
    ),
    valeur: 'firm . interest * 50%',
    plafond: '1000000 CNY',
  },
  rent: {
    'applicable si': all('base', 'startup'),
    valeur: 'area counted * 180 CNY',
    avec: { 'area counted': { valeur: 'firm . area', plafond: 500 } },
  },
  'export premium': {
    'applicable si': all('base', 'firm . premium > 0 CNY'),
    valeur: 'firm . premium * 30%',
    plafond: '500000 CNY',
  },
  'patent reward': {
    'applicable si': all('base', 'firm . patents >= 5'),
    valeur: 'firm . patents * 10000 CNY',
    plafond: '500000 CNY',
  },
  total: {
    somme: [
      'compute voucher', 'model voucher', 'data voucher', 'research subsidy', 'loan interest', 'rent',
      'export premium', 'patent reward', { 'le maximum de': ['high tech reward', 'growth reward'] },
    ],
    plafond: '20000000 CNY',
  },
}

const flag = (value) => (value ? 'oui' : 'non')
const situation = (company) => ({
  'firm . city': `'${company.city}'`,
  'firm . type': `'${company.entity_type}'`,
  'firm . industry': `'${company.industry}'`,
  'firm . dishonest': flag(company.dishonest),
  'firm . high tech': flag(company.high_tech),
  'firm . age': `${company.age_years} an`,
  'firm . staff': company.staff,
  'firm . area': company.rent_area,
  'firm . patents': company.patents,
  ...Object.fromEntries(
    Object.entries(AMOUNTS).map(([name, column]) => [`firm . ${name}`, `${company[column] / 100} CNY`]),
  ),
})

const engine = new Engine(rules, { warn: false })
const total = (company) => {
  engine.setSituation(situation(company))
  return engine.evaluate('total').nodeValue || 0
}
companies.slice(0, WARM_UP).forEach(total)

const cpu = process.cpuUsage()
const wall = performance.now()
const totals = companies.map(total)
const secondsWall = (performance.now() - wall) / 1000
const used = process.cpuUsage(cpu)

const sum = totals.reduce((sum, each) => sum + BigInt(Math.round(each * 10000)), 0n)
const installed = new URL('node_modules/publicodes/package.json', import.meta.url)
console.log(
  JSON.stringify({
    engine: 'publicodes',
    version: JSON.parse(fs.readFileSync(installed, 'utf8')).version,
    companies: companies.length,
    seconds_cpu: (used.user + used.system) / 1e6,
    seconds_wall: Number(secondsWall.toFixed(6)),
    sum_total_yuan: `${sum / 10000n}.${String(sum % 10000n).padStart(4, '0')}`,
  }),
)
