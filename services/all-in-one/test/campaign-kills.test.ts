import { expect } from '@jest/globals'
import type { ScriptPatch } from '@sms-gateway/simulators/script'
import type { BackendKind } from '../test-support/backends.ts'
import { createCampaigns } from '../test-support/campaigns.ts'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { killLongAgo } from '../test-support/kill-long-ago.ts'
import { newText } from '../test-support/people.ts'
import { testSideBySide } from '../test-support/side-by-side.ts'
import { until } from '../test-support/until.ts'
import { openWorld, runGateway } from '../test-support/world.ts'

const cleanUp = cleanUpAfterAll()
const RECIPIENTS = 3_000
const KILLS = 6
/** What a dead worker left in doubt is settled 20 s later. */
const SETTLED_LIMIT_MS = 150_000
const LIMIT_MS = 500_000

const RECEIPTS: ScriptPatch = {
  deliveryDelayMs: 300,
  receipts: { retries: 5, retryDelayMs: 3_000 },
}

/** Its number, so that each of them is told from the others at the providers. */
function phoneOf(index: number): string {
  return `09${String(10_000_000 + index)}`
}

testSideBySide(async (backend) => Promise.resolve(backend), LIMIT_MS, {
  'six kill -9 over a campaign: each of its people is sent to, and nobody twice': async (
    backend: BackendKind,
  ) => {
    const world = await openWorld(backend, cleanUp, { script: RECEIPTS })
    let gateway = await runGateway(world, cleanUp)
    const campaigns = createCampaigns(world.url, world.api)
    const message = newText()
    const file = ['phone', ...Array.from({ length: RECIPIENTS }, (_, index) => phoneOf(index))]
    const answer = await campaigns.upload([
      ['name', 'through six kills'],
      ['message_type', 'notice'],
      ['message', message],
      ['file', file.join('\n')],
    ])
    expect(answer).toMatchObject({ status: 202, json: { counts: { recipients: RECIPIENTS } } })
    for (let kill = 1; kill <= KILLS; kill++) {
      const share = (kill * RECIPIENTS) / (KILLS + 1)
      await until('it is well under way', () => countTaken().length >= share)
      await killLongAgo(gateway, world.stores)
      gateway = await runGateway(world, cleanUp)
    }
    await until(
      'everybody is sent to',
      () => new Set(countTaken()).size === RECIPIENTS,
      SETTLED_LIMIT_MS,
    ).catch(async (err: unknown) => {
      const left = await world.stores.query(
        `select status, in_doubt, hold_reason, count(*)::int from message group by 1, 2, 3`,
      )
      throw new Error(`left behind: ${JSON.stringify(left)}`, { cause: err })
    })
    expect(countTaken()).toHaveLength(RECIPIENTS)
    const [campaign] = await world.stores.query<{ id: string }>('select id from campaign')
    const ended = await campaigns.untilStatus(campaign?.id ?? '', 'finished', SETTLED_LIMIT_MS)
    expect(ended.counts).toMatchObject({ recipients: RECIPIENTS, handed: RECIPIENTS, pending: 0 })
    expect(
      await world.stores.query(
        `select from campaign_recipient r full join message m on m.id = r.message_id
         where r.message_id is null or m.id is null or r.state <> 'handed'`,
      ),
    ).toEqual([])
    gateway.signal('SIGTERM')
    expect(await gateway.exited).toEqual({ code: 0, signal: null })

    /** One entry for each submission that a provider took. */
    function countTaken(): string[] {
      return [
        ...world.twilio.submissions().map(({ to }) => to.replace('+886', '0')),
        ...world.chunghwa.messages().map(({ to }) => to),
      ]
    }
  },
})
