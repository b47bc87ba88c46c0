import { expect } from '@jest/globals'
import { createApi } from '../test-support/api.ts'
import type { BackendKind } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { findFreePort } from '../test-support/free-port.ts'
import { expectAllDeliveredOnce, startRush } from '../test-support/rush.ts'
import type { ServiceName, ServiceProcess } from '../test-support/service-process.ts'
import { spawnService, whenReady } from '../test-support/service-process.ts'
import { testSideBySide } from '../test-support/side-by-side.ts'
import { until } from '../test-support/until.ts'
import type { World } from '../test-support/world.ts'
import { openWorld } from '../test-support/world.ts'

const cleanUp = cleanUpAfterAll()
const SETTLED_LIMIT_MS = 150_000
const LIMIT_MS = 400_000

interface Replica {
  name: ServiceName
  process: ServiceProcess
  url: string
}

async function startReplica(world: World, name: ServiceName, port: number): Promise<Replica> {
  const process = spawnService(name, { ...world.variables, PORT: String(port) }, cleanUp)
  const url = `http://127.0.0.1:${port}`
  await whenReady(process, url)
  return { name, process, url }
}

async function surviveOneDispatcher(backend: BackendKind): Promise<void> {
  const opened = await openWorld(backend, cleanUp, {
    script: { latencyMs: 100, deliveryDelayMs: 200, receipts: { retries: 5, retryDelayMs: 1_000 } },
  })
  const start = async (name: ServiceName, port?: number) =>
    startReplica(opened, name, port ?? (await findFreePort()))
  // Receipts come to the port that Twilio was told; producers have another address.
  const [ingest, ...others] = await Promise.all([
    start('ingest-api'),
    start('webhooks', opened.port),
    start('scheduler'),
    start('dispatcher'),
    start('dispatcher'),
  ])
  const world: World = { ...opened, url: ingest.url, api: createApi(ingest.url) }

  const rush = startRush(world, { count: 300, side: 15, pauseMs: 30 })
  await until('the rush is well under way', () => rush.countAccepted() >= 100)
  const victim = others.find(({ name }) => name === 'dispatcher')
  await victim?.process.kill()
  await expectAllDeliveredOnce(world, rush, SETTLED_LIMIT_MS)

  const survivors = [ingest, ...others].filter((each) => each !== victim)
  for (const { process } of survivors) process.signal('SIGTERM')
  for (const { name, process } of survivors) {
    expect({ name, ...(await process.exited) }).toEqual({ name, code: 0, signal: null })
  }
}

testSideBySide(async (backend) => Promise.resolve(backend), LIMIT_MS, {
  'each service as a process of its own: kill -9 of one of two dispatchers loses and doubles nothing':
    surviveOneDispatcher,
})
