import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createConsole } from '@sms-gateway/admin-api/console'
import { closeServer, createHttpApp, listen } from '@sms-gateway/service-kit/http-server'
import { createLogger } from '@sms-gateway/service-kit/logger'
import { notFoundHandler, problemHandler } from '@sms-gateway/service-kit/problem'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { findFreePort } from '../../all-in-one/test-support/free-port.ts'

const PAGE = '<!doctype html><title>console</title>'
const SCRIPT = `console.log('${'x'.repeat(2_000)}')`
const cleanUp = cleanUpAfterAll()
let folder = ''
let url = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'))
  url = await serve(join(folder, 'dist'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function serve(dist: string): Promise<string> {
  const app = createHttpApp()
  app.use(createConsole(dist))
  app.use(notFoundHandler)
  app.use(problemHandler(createLogger('test', 'silent')))
  const port = await findFreePort()
  const server = await listen(app, { host: '127.0.0.1', port })
  cleanUp(() => closeServer(server, 100))
  return `http://127.0.0.1:${port}`
}

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(url + path, { headers: { accept: 'text/html', ...headers }, method })

test('says in one sentence that the page is not built', async () => {
  const res = await ask('/')
  expect([res.status, res.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
  expect(await res.text()).toContain('npm start')
})

describe('once it is built, without a restart', () => {
  beforeAll(async () => {
    const dist = join(folder, 'dist')
    await mkdir(join(dist, 'assets'), { recursive: true })
    await writeFile(join(folder, 'package.json'), 'outside')
    await writeFile(join(dist, 'index.html'), PAGE)
    await writeFile(join(dist, 'assets/index-1a.js'), SCRIPT)
    await writeFile(join(dist, 'assets/index-1a.js.br'), brotliCompressSync(SCRIPT))
    await writeFile(join(dist, 'assets/index-1a.js.gz'), gzipSync(SCRIPT))
  })

  test.each(['/', '/messages/0190b5a0-1', '/in-doubt', '/apis'])('%s is the page', async (path) => {
    const res = await ask(path)
    expect([res.status, await res.text()]).toEqual([200, PAGE])
    expect(res.headers.get('cache-control')).toBe('no-cache')
    const policy = res.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
  })

  test.each([
    '/api/v1/sms/nothing',
    '/API/x',
    '/healthz',
    '/readyz',
    '/metrics',
    '/docs/errors.md',
  ])('%s is left to others', async (path) => {
    expect((await ask(path)).status).toBe(404)
  })

  test('what is no way of a browser gets a problem, not the page', async () => {
    expect((await ask('/messages', { accept: 'application/json' })).status).toBe(404)
    expect((await ask('/assets/gone-2b.js', { accept: '*/*' })).status).toBe(404)
    expect((await ask('/', {}, 'POST')).status).toBe(404)
  })

  test.each([
    ['br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['identity', null],
  ])('a browser that takes %s gets a file for ever as %s', async (accepted, encoding) => {
    const res = await ask('/assets/index-1a.js', { 'accept-encoding': accepted })
    expect(res.headers.get('content-encoding')).toBe(encoding)
    expect(res.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(res.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(res.headers.get('vary')).toBe('Accept-Encoding')
    expect(await res.text()).toBe(SCRIPT)
  })

  test.each([
    '/assets/..%2f..%2fpackage.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/assets/%00.js',
  ])('nothing outside is sent for %s', async (path) => {
    const res = await ask(path, { accept: '*/*' })
    expect(await res.text()).not.toBe('outside')
    expect(res.status).toBe(404)
  })

  test('what has not changed is answered 304', async () => {
    const modified = (await ask('/')).headers.get('last-modified') ?? ''
    const again = await ask('/', {
      'if-modified-since': modified,
      'cache-control': 'max-age=0',
    })
    expect([again.status, await again.text()]).toEqual([304, ''])
  })
})
