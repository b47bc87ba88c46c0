// Who may import whom, as ESLint entries: `style.md` 4.3 in one table.

/** Our packages that a package may import; the services are below. */
const PACKAGES = {
  domain: [],
  contracts: ['domain'],
  callbacks: ['domain'],
  config: ['domain', 'service-kit'],
  db: ['domain'],
  queue: ['domain', 'contracts'],
  limits: ['domain'],
  access: ['acceptance', 'contracts', 'db', 'domain', 'limits', 'queue', 'service-kit'],
  acceptance: ['domain', 'contracts', 'db', 'queue', 'service-kit'],
  providers: ['domain'],
  'service-kit': [],
  simulators: ['domain'],
  client: ['contracts'],
}

/** Beyond these in tests; test-support of db is for every test. */
const TEST_PACKAGES = { simulators: ['providers'] }

const SERVICES = [
  'admin-api',
  'admin-web',
  'all-in-one',
  'dispatcher',
  'ingest-api',
  'scheduler',
  'webhooks',
]

/** What only one or two packages of ours may touch. */
const HOMES = {
  pg: ['packages/db', 'packages/queue'],
  kysely: ['packages/db', 'packages/queue'],
  bottleneck: ['packages/limits'],
  bullmq: ['packages/queue'],
  ioredis: ['packages/queue', 'packages/limits'],
  'rate-limiter-flexible': ['packages/limits'],
  pino: ['packages/service-kit'],
}

const TESTS = ['**/*.test.ts', 'test/**/*.ts', 'test-support/**/*.ts']

/** The domain computes: it reads no file, opens no socket and asks no clock. */
const DOMAIN_IMPORTS = {
  regex: '^(?!\\.)(?!(zod|cron-parser|libphonenumber-js|luxon|uuid|@sms-gateway/domain)(/|$))',
  message:
    'The domain imports zod, cron-parser, libphonenumber-js, luxon, uuid and itself, nothing else.',
}
const TEST_SUPPORT = {
  regex: '^@sms-gateway/[^/]+/(test|test-support)/|/test-support/',
  message: 'test-support is for tests.',
}
const PROCESS = {
  regex: '^(node:)?process$',
  message: 'Use the global process, so that the rule about process.env sees it.',
}

export function dependencyRules() {
  const packages = Object.entries(PACKAGES).flatMap(([name, allowed]) => {
    const own = [name, ...allowed]
    return [
      restrict([`packages/${name}/src/**/*.ts`], {
        ignores: ['**/*.test.ts'],
        patterns: [
          ...(name === 'domain'
            ? [DOMAIN_IMPORTS]
            : [oursOnly(own), ...homesOf(`packages/${name}`)]),
          TEST_SUPPORT,
        ],
      }),
      restrict(
        TESTS.map((glob) => `packages/${name}/${glob}`),
        { patterns: [oursOnly([...own, ...(TEST_PACKAGES[name] ?? []), 'db/test-support'])] },
      ),
    ]
  })
  const services = SERVICES.flatMap((name) => {
    const folder = `services/${name}`
    const others = name === 'all-in-one' ? [] : [noService(name)]
    return [
      restrict([`${folder}/src/**/*.ts`], {
        ignores: ['**/*.test.ts', `${folder}/src/worker.ts`],
        patterns: [...others, ...homesOf(folder), TEST_SUPPORT],
      }),
      restrict([`${folder}/src/worker.ts`], {
        patterns: [...others, ...homesOf(folder, ['bullmq']), TEST_SUPPORT],
      }),
      restrict(
        TESTS.map((glob) => `${folder}/${glob}`),
        // The tests of the page drive the whole gateway.
        { patterns: name === 'admin-web' ? [] : others },
      ),
    ]
  })
  return [...packages, ...services]
}

function restrict(files, { ignores = [], patterns }) {
  return {
    files,
    ignores,
    rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, PROCESS] }] },
  }
}

function oursOnly(names) {
  return {
    regex: `^@sms-gateway/(?!(${names.join('|')})(/|$))`,
    message: `Of ours, only ${names.join(', ')} may be imported here (dependency direction).`,
  }
}

function noService(self) {
  const others = SERVICES.filter((name) => name !== self)
  return {
    regex: `^@sms-gateway/(${others.join('|')})(/|$)`,
    message: 'A service never imports another service; all-in-one composes them.',
  }
}

function homesOf(folder, excepted = []) {
  return Object.entries(HOMES)
    .filter(([library, homes]) => !homes.includes(folder) && !excepted.includes(library))
    .map(([library, homes]) => ({
      regex: `^${library}(/|$)`,
      message: `${library} is used in ${homes.join(' and ')} only.`,
    }))
}
