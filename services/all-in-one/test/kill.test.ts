import { expect } from '@jest/globals'
import type { ScriptPatch } from '@sms-gateway/simulators/script'
import type { BackendKind } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import type { RushOptions } from '../test-support/rush.ts'
import { expectAllDeliveredOnce, startRush } from '../test-support/rush.ts'
import { testSideBySide } from '../test-support/side-by-side.ts'
import { until } from '../test-support/until.ts'
import { openWorld, runGateway } from '../test-support/world.ts'

const cleanUp = cleanUpAfterAll()
/** A worker's death is noticed within 15 s, and what it left in doubt is settled 20 s later. */
const SETTLED_LIMIT_MS = 70_000
const LIMIT_MS = 120_000

/** Twilio repeats a receipt that it could not hand over: long enough for a restart. */
const RECEIPTS: ScriptPatch = {
  deliveryDelayMs: 300,
  receipts: { retries: 5, retryDelayMs: 3_000 },
}

async function surviveKills(
  backend: BackendKind,
  twilioScript: ScriptPatch,
  rushOptions: RushOptions,
  kills: number,
): Promise<void> {
  const world = await openWorld(backend, cleanUp, { script: RECEIPTS, twilioScript })
  let gateway = await runGateway(world, cleanUp)
  const rush = startRush(world, rushOptions)
  const step = Math.floor(rushOptions.count / (kills + 2))
  for (let kill = 1; kill <= kills; kill++) {
    await until('the rush is well under way', () => rush.countAccepted() >= kill * step, 30_000)
    await gateway.kill()
    gateway = await runGateway(world, cleanUp)
  }
  await expectAllDeliveredOnce(world, rush, SETTLED_LIMIT_MS)
  gateway.signal('SIGTERM')
  expect(await gateway.exited).toEqual({ code: 0, signal: null })
}

testSideBySide(async (backend) => Promise.resolve(backend), LIMIT_MS, {
  'kill -9 in the middle of 300: each that was promised is delivered, and none twice': (backend) =>
    surviveKills(backend, {}, { count: 300, side: 10, pauseMs: 20 }, 1),

  'kill -9 with submissions on their way and answers that get lost: the same': (backend) =>
    surviveKills(
      backend,
      { latencyMs: 300, loseAnswerRate: 0.2 },
      { count: 300, side: 20, pauseMs: 40 },
      1,
    ),
})
