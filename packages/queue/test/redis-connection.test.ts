import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from '@jest/globals'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import { connectBackend } from '@sms-gateway/queue/backend'
import { openLaneQueues } from '@sms-gateway/queue/lane-queues'
import { startLaneWorker } from '@sms-gateway/queue/lane-worker'
import { readClusterNodes } from '@sms-gateway/queue/redis-connection'
import { askRedis, createRedisServer, findFreePort } from './redis-server.ts'
import { answers, createIds, until } from './support.ts'

const PROGRAM = fileURLToPath(new URL('./redis-pinger.ts', import.meta.url))
const describeWithRedis = process.env['TEST_REDIS_URL'] === undefined ? describe.skip : describe

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.()
})

test.each([
  ['redis-cluster://a:7000', [{ host: 'a', port: 7000 }]],
  [
    'redis-cluster://10.0.0.1:7000,redis.example:7001',
    [
      { host: '10.0.0.1', port: 7000 },
      { host: 'redis.example', port: 7001 },
    ],
  ],
  [
    'redis-cluster://user:p%40ss@a:7000,b:7001/0',
    [
      { host: 'a', port: 7000 },
      { host: 'b', port: 7001 },
    ],
  ],
  ['redis-cluster://a', [{ host: 'a', port: 6379 }]],
])('%s has the nodes %j', (url, nodes) => {
  expect(readClusterNodes(url)).toEqual(nodes)
})

describeWithRedis('a real Redis', () => {
  test('as a cluster of one node, with a password, carries jobs of every lane', async () => {
    const busPort = await findFreePort()
    const server = await createRedisServer(
      [
        ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
        ...['--cluster-announce-ip', '127.0.0.1', '--requirepass', 'p@ss:word'],
      ],
      ['--no-auth-warning', '-a', 'p@ss:word'],
    )
    cleanUps.push(() => server.kill())
    await server.start()
    const ask = (...command: string[]) =>
      askRedis(server.port, command, ['--no-auth-warning', '-a', 'p@ss:word'])
    expect(ask('cluster', 'addslotsrange', '0', '16383')).toBe('OK')
    await until(() => ask('cluster', 'info').includes('cluster_state:ok'))

    const url = `redis-cluster://:${encodeURIComponent('p@ss:word')}@127.0.0.1:${server.port}`
    const backend = connectBackend({ kind: 'redis', url })
    cleanUps.push(() => backend.close())
    const errors: string[] = []
    const onError = (err: Error) => errors.push(err.message)
    const queues = openLaneQueues(backend, { onError, limitMs: 60_000 })
    cleanUps.push(() => queues.close())
    await until(() => answers(backend))
    for (const lane of ['urgent', 'normal', 'bulk'] as const) {
      const jobs: string[] = []
      const worker = startLaneWorker(backend, {
        lane,
        concurrency: 1,
        process: (ids) => Promise.resolve(void jobs.push(...ids)),
        onError: (err) => errors.push(err.message),
      })
      cleanUps.push(() => worker.close(2_000))
      const ids = createIds(150)
      await until(() => queues.requestDispatch(lane, ids))
      await until(() => jobs.length === 150)
    }
    expect(errors).toEqual([])
  })

  test('over TLS is reached by whom its CA is given (NODE_EXTRA_CA_CERTS), and by nobody else', async () => {
    const { key, cert } = createCertificate()
    const tls = ['--tls-port', 'PORT', '--port', '0', '--tls-auth-clients', 'no']
    const server = await createRedisServer(
      [...tls, '--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert],
      ['--tls', '--cacert', cert],
    )
    cleanUps.push(() => server.kill())
    await server.start()
    const url = `rediss://127.0.0.1:${server.port}`
    // A busy machine may not be through with the handshake in the second that a ping has.
    await until(async () => (await ping(url, { NODE_EXTRA_CA_CERTS: cert })) === 'PONG')
    expect(await ping(url, {})).toBe('Error: no answer from the queue within 1000 ms')
  })
})

async function ping(url: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawnTypeScript(PROGRAM, [url], { ...process.env, ...env })
  cleanUps.push(() => child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.pipe(process.stderr)
  await once(child, 'close')
  return output.trim()
}

function createCertificate(): { key: string; cert: string } {
  const folder = makeTestFolder()
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync('openssl', [...args, ...names, '-keyout', key, '-out', cert], { stdio: 'pipe' })
  return { key, cert }
}
