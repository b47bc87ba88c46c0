import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { readConfig as readAdminApi } from '@sms-gateway/admin-api/config'
import { readConfig as readDispatcher } from '@sms-gateway/dispatcher/config'
import { readConfig as readIngestApi } from '@sms-gateway/ingest-api/config'
import { readConfig as readScheduler } from '@sms-gateway/scheduler/config'
import type { Environment } from '@sms-gateway/service-kit/environment'
import { readConfig as readWebhooks } from '@sms-gateway/webhooks/config'

interface Compose {
  services: Record<
    string,
    {
      environment?: Record<string, string>
      secrets?: string[]
      networks?: string[]
      volumes?: string[]
      depends_on?: Record<string, unknown>
    }
  >
  secrets: Record<string, { file: string }>
  networks: Record<string, unknown>
  volumes: Record<string, unknown>
}

const ROOT = join(import.meta.dirname, '../../..')
// knip brings a parser, so that the workspace needs none of its own.
const { parse } = createRequire(createRequire(import.meta.url).resolve('knip'))('yaml') as {
  parse: (text: string, options: { merge: boolean }) => Compose
}
const { services, ...declared } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), {
  merge: true,
})

const KEY = Buffer.alloc(32, 1).toString('base64')
const SECRETS: Record<string, string> = {
  postgres_password: 'secret',
  database_url: 'postgres://sms:secret@postgres:5432/sms',
  sms_encryption_keys: `k1:${KEY}`,
  sms_lookup_key: KEY,
  sms_bootstrap_api_key: 'sk_0123456789abcdef',
  twilio_auth_token: '',
  cht_sms_password: '',
  cht_sms_webhook_secret: '',
}
const folder = mkdtempSync(join(tmpdir(), 'compose-file-'))
for (const [name, value] of Object.entries(SECRETS)) writeFileSync(join(folder, name), value)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** `${NAME:-default}` with nothing set but what must be. */
function interpolate(value: string): string {
  return value
    .replace(/\$\{TWILIO_WEBHOOK_URL:\?[^}]+\}/, 'https://sms.example.tw/api/v1')
    .replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1')
    .replace('/run/secrets', folder)
}

test.each(Object.entries(services))('%s names only what the file declares', (_name, service) => {
  const { secrets = [], networks = [], volumes = [], depends_on: before = {} } = service
  const named = volumes.map((volume) => volume.split(':')[0] ?? '').filter((v) => !/^\./.test(v))
  expect(Object.keys(declared.secrets)).toEqual(expect.arrayContaining(secrets))
  expect(Object.keys(declared.networks)).toEqual(expect.arrayContaining(networks))
  expect(Object.keys(declared.volumes)).toEqual(expect.arrayContaining(named))
  expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(before)))
})

test('deploy/make-secrets.sh makes every secret', () => {
  const script = readFileSync(join(ROOT, 'deploy/make-secrets.sh'), 'utf8')
  expect(Object.keys(declared.secrets).toSorted()).toEqual(Object.keys(SECRETS).toSorted())
  for (const name of Object.keys(declared.secrets)) expect(script).toContain(name)
})

describe.each<[string, (env: Environment) => unknown]>([
  ['admin-api', readAdminApi],
  ['dispatcher', readDispatcher],
  ['ingest-api', readIngestApi],
  ['scheduler', readScheduler],
  ['webhooks', readWebhooks],
])('the environment of %s', (name, readConfig) => {
  const { environment = {}, secrets = [] } = services[name] ?? {}
  const given = Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => [variable, interpolate(value)]),
  )

  test('is taken by its config, which asks for every name in it', () => {
    const asked = new Set<string>()
    const env = new Proxy(given, {
      get(target, variable) {
        asked.add(String(variable))
        return typeof variable === 'string' ? target[variable] : undefined
      },
    })
    expect(() => readConfig(env)).not.toThrow()
    expect([...asked]).toEqual(expect.arrayContaining(Object.keys(given)))
  })

  test('has the file of every secret it names', () => {
    const files = Object.values(environment).filter((value) => value.startsWith('/run/secrets/'))
    expect(files.map((file) => file.slice('/run/secrets/'.length)).toSorted()).toEqual(
      secrets.toSorted(),
    )
  })
})

test('nginx.conf closes each block that it opens, and nests no location in another', () => {
  const text = readFileSync(join(ROOT, 'deploy/nginx.conf'), 'utf8').replaceAll(/#.*$/gm, '')
  let depth = 0
  for (const line of text.split('\n')) {
    if (/^\s*location\b/.test(line)) expect({ line, depth }).toEqual({ line, depth: 2 })
    depth += line.split('{').length - line.split('}').length
  }
  expect(depth).toBe(0)
})

test('nginx.conf passes on that a request came by https, where TLS ends before it', () => {
  const text = readFileSync(join(ROOT, 'deploy/nginx.conf'), 'utf8')
  expect(text).toMatch(
    /map \$http_x_forwarded_proto \$forwarded_proto \{\s+default \$scheme;\s+https https;\s+\}/,
  )
  expect(text.match(/X-Forwarded-Proto .*/g)).toEqual(['X-Forwarded-Proto $forwarded_proto;'])
})
