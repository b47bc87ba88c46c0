import type { BackendKind } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import type { Link } from '../test-support/link.ts'
import { openLink } from '../test-support/link.ts'
import { expectAllDeliveredOnce, startRush } from '../test-support/rush.ts'
import { testSideBySide } from '../test-support/side-by-side.ts'
import { openRedis } from '../test-support/stores.ts'
import { until } from '../test-support/until.ts'
import type { World } from '../test-support/world.ts'
import { openWorld, runGateway } from '../test-support/world.ts'

const cleanUp = cleanUpAfterAll()
const SETTLED_LIMIT_MS = 150_000
const LIMIT_MS = 400_000
const RUSH = { count: 200, side: 10, pauseMs: 20 }

interface LinkedWorld {
  world: World
  postgres: Link
  redis: Link | undefined
}

/** A gateway whose stores can be taken from it. */
async function startLinked(backend: BackendKind): Promise<LinkedWorld> {
  const opened = await openWorld(backend, cleanUp, {
    script: { latencyMs: 50, deliveryDelayMs: 100, receipts: { retries: 5, retryDelayMs: 2_000 } },
  })
  const { databaseUrl, redisUrl } = opened.stores
  const postgres = await openLink(databaseUrl)
  cleanUp(() => postgres.close())
  const redis = redisUrl === undefined ? undefined : await openLink(redisUrl)
  cleanUp(() => redis?.close())
  const urls = { DATABASE_URL: postgres.url, ...(redis && { REDIS_URL: redis.url }) }
  const world = { ...opened, variables: { ...opened.variables, ...urls } }
  await runGateway(world, cleanUp)
  return { world, postgres, redis }
}

testSideBySide(async (backend) => Promise.resolve(backend), LIMIT_MS, {
  async 'PostgreSQL goes away in the middle, twice: nothing is lost, nothing is doubled'(backend) {
    const { world, postgres } = await startLinked(backend)
    const rush = startRush(world, RUSH)
    for (const [accepted, awayMs] of [
      [40, 200],
      [80, 3_000],
    ] as const) {
      await until('the rush is under way', () => rush.countAccepted() >= accepted)
      await postgres.cut()
      const cutAt = Date.now()
      await until('it is away long enough', () => Date.now() - cutAt >= awayMs)
      await postgres.mend()
    }
    await expectAllDeliveredOnce(world, rush, SETTLED_LIMIT_MS)
  },

  async 'Redis goes away, and comes back without its data: what was accepted is delivered'(
    backend,
  ) {
    // Without Redis the queue is in PostgreSQL: see above.
    if (backend === 'postgres') return
    const { world, redis } = await startLinked(backend)
    const rush = startRush(world, RUSH)
    await until('the rush is under way', () => rush.countAccepted() >= 50)
    await redis?.cut()
    await until('more are accepted without it', () => rush.countAccepted() >= 120)
    await redis?.mend(await openRedis(cleanUp))
    await expectAllDeliveredOnce(world, rush, SETTLED_LIMIT_MS)
  },
})
