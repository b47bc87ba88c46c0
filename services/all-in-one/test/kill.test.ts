import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { z } from 'zod'
import { spawnTypeScript } from '@sms-gateway/db/test-support/spawn-typescript'
import type { ScriptPatch } from '@sms-gateway/simulators/script'
import type { BackendKind } from '../test-support/backends.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { killLongAgo } from '../test-support/kill-long-ago.ts'
import type { RushOptions } from '../test-support/rush.ts'
import { expectAllDeliveredOnce, startRush } from '../test-support/rush.ts'
import { baseVariables } from '../test-support/settings.ts'
import { testSideBySide } from '../test-support/side-by-side.ts'
import type { Stores } from '../test-support/stores.ts'
import { until } from '../test-support/until.ts'
import { openWorld, runGateway } from '../test-support/world.ts'

const cleanUp = cleanUpAfterAll()
/** What a dead worker left in doubt is settled 20 s later. */
const SETTLED_LIMIT_MS = 150_000
const LIMIT_MS = 400_000

/** Twilio repeats a receipt that it could not hand over. */
const RECEIPTS: ScriptPatch = {
  deliveryDelayMs: 300,
  receipts: { retries: 5, retryDelayMs: 3_000 },
}

const COMMAND = join(import.meta.dirname, '../src/verify-ledger-command.ts')

/** `npm run ledger:verify`, and what it names. */
async function verifyLedger(stores: Stores): Promise<{ code: number | null; named: string[] }> {
  const child = spawnTypeScript(COMMAND, [], baseVariables(stores))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = z
    .tuple([z.number().nullable()])
    .rest(z.unknown())
    .parse(await once(child, 'close'))
  return {
    code,
    named: [...said.matchAll(/^((?:message|counter) \S+):/gm)].map((each) => each[1] ?? ''),
  }
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
    await until('the rush is well under way', () => rush.countAccepted() >= kill * step)
    // Twilio would give up those that nobody takes for long, however long a start takes here.
    world.twilio.setScript({ receipts: { held: true } })
    await killLongAgo(gateway, world.stores)
    gateway = await runGateway(world, cleanUp)
    world.twilio.setScript({ receipts: { held: false } })
  }
  await expectAllDeliveredOnce(world, rush, SETTLED_LIMIT_MS)
  expect(await verifyLedger(world.stores)).toEqual({ code: 0, named: [] })
  const [message] = await world.stores.query<{ id: string }>(
    `update money_entry set spent = spent + 1 where id = (select max(id) from money_entry) returning message_id as id`,
  )
  expect(await verifyLedger(world.stores)).toEqual({ code: 1, named: [`message ${message?.id}`] })
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
