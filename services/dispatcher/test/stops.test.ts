import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import type { Db } from '@sms-gateway/db/connect'
import { findFreshFacts } from '@sms-gateway/db/gate-facts'
import { pauseGateway, resumeGateway } from '@sms-gateway/db/gateway-state'
import { ringMessages } from '@sms-gateway/db/ring-messages'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import type { CampaignAction } from '@sms-gateway/domain/campaign-status'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { DEFAULT_DOUBT_POLICIES } from '@sms-gateway/domain/in-doubt-policy'
import type { Provider, ProviderName, SendOutcome } from '@sms-gateway/domain/provider'
import {
  claim,
  readMessage,
  readTimeline,
  startCampaign,
  storeMessage,
  vault,
  WORKER,
} from '../../../packages/db/test/support.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { createAttemptWriter } from '../src/attempt-writer.ts'
import { type DispatchDeps, dispatchMessage } from '../src/dispatch-message.ts'
import { createLaneSlots } from '../src/lane-slots.ts'

const UNREACHABLE: SendOutcome = { kind: 'unreachable', code: 'ECONNREFUSED', detail: 'not there' }
/** Of a claim so long ago that what it said of the gates is not good any more. */
const LONG_AGO = -60_000

const cleanUp = cleanUpAfterAll()
let db: Db
beforeAll(async () => {
  const database = await createTestDatabase()
  cleanUp(() => database.drop())
  db = database.db
})

type Happening = (campaignId: CampaignId) => Promise<unknown>

const act =
  (action: CampaignAction): Happening =>
  (id) =>
    moveCampaign(db, vault, { id, action, now: new Date() })
const pauseAll: Happening = () =>
  pauseGateway(db, { reason: 'a test', actor: 'a test', now: new Date() })
const resumeAll = () => resumeGateway(db, { held: 'end', actor: 'a test', now: new Date() })
const nothing: Happening = () => Promise.resolve()

/** Takes a message of a campaign to Twilio, which cannot be reached, and then to Chunghwa, while things happen. */
async function dispatch({
  atTwilio = nothing,
  atPermits = nothing,
}: {
  atTwilio?: Happening
  atPermits?: Happening
}) {
  const campaignId = await startCampaign(db)
  const { id } = await storeMessage(db, { campaignId })
  const [message] = await claim(db, [id])
  if (!message) throw new Error('it was not claimed')
  const asked: ProviderName[] = []
  const createProvider = (
    name: ProviderName,
    during: Happening,
    outcome: SendOutcome,
  ): Provider => ({
    name,
    countParts: () => 1,
    async send() {
      asked.push(name)
      await during(campaignId)
      return [{ part: 1, outcome }]
    },
    close: () => Promise.resolve(),
  })
  const writer = createAttemptWriter(db, WORKER, new AbortController().signal)
  const deps: DispatchDeps = {
    ...{ workerId: WORKER, writer, now: () => new Date(), random: () => 0 },
    providers: new Map([
      ['twilio', createProvider('twilio', atTwilio, UNREACHABLE)],
      ['chunghwa', createProvider('chunghwa', nothing, { kind: 'accepted', reference: id })],
    ]),
    routing: { orderFor: () => ({ order: ['twilio', 'chunghwa'], reason: null }) },
    circuits: {
      isEnabled: () => true,
      admit: () => ({ kind: 'closed' }),
      claimProbe: () => Promise.resolve(true),
      report: () => undefined,
      close: () => Promise.resolve(),
    },
    restingUntil: new Map(),
    slots: new Map([
      ['twilio', createLaneSlots(1)],
      ['chunghwa', createLaneSlots(1)],
    ]),
    async takePermits() {
      await atPermits(campaignId)
      return { kind: 'permit', windows: [{ from: 0, until: Number.POSITIVE_INFINITY }] }
    },
    takeTurn: undefined,
    policy: {
      retry: { maxAttempts: 5, baseMs: 1_000, maxMs: 60_000 },
      doubt: DEFAULT_DOUBT_POLICIES,
    },
    gates: {
      allowedRecipients: undefined,
      quiet: { window: null, timeZone: 'Asia/Taipei', exemptTypes: [] },
      suppression: { marketingTypes: [], requireConsent: false },
    },
    findFreshFacts: (messageId) => findFreshFacts(db, messageId, new Date()),
    providerTimeoutMs: 5_000,
    optOut: () => Promise.resolve(),
    onAttempt: () => undefined,
  }
  try {
    await dispatchMessage(deps, message, LONG_AGO)
  } finally {
    await writer.close()
  }
  return { id, asked }
}

describe('a message that is with a dispatcher', () => {
  test('goes to the next provider while nobody stops it', async () => {
    const { id, asked } = await dispatch({})
    expect(asked).toEqual(['twilio', 'chunghwa'])
    expect(await readMessage(db, id)).toMatchObject({ status: 'sent' })
  })

  const stops: [string, () => Happening, object][] = [
    ['cancelled', () => act('cancel'), { status: 'cancelled', error_code: 'campaign-cancelled' }],
    ['paused', () => act('pause'), { status: 'held', hold_reason: 'campaign-stopped' }],
  ]
  test.each(stops)('goes nowhere else once its campaign is %s', async (_, happening, expected) => {
    const between = await dispatch({ atTwilio: happening() })
    expect(between.asked).toEqual(['twilio'])
    expect(await readMessage(db, between.id)).toMatchObject(expected)
    const waiting = await dispatch({ atPermits: happening() })
    expect(waiting.asked).toEqual([])
    expect(await readMessage(db, waiting.id)).toMatchObject({ ...expected, attempt_number: 0 })
  })

  test('ends once its time has passed, as it is in its row', async () => {
    const end: Happening = (campaignId) =>
      db
        .updateTable('message')
        .set({ expires_at: new Date(Date.now() - 1_000) })
        .where('campaign_id', '=', campaignId)
        .execute()
    const { id, asked } = await dispatch({ atPermits: end })
    expect(asked).toEqual([])
    expect(await readMessage(db, id)).toMatchObject({ status: 'expired', error_code: 'expired' })
  })

  describe('when the gateway is paused', () => {
    afterAll(resumeAll)

    test.each([
      ['between two providers', { atTwilio: pauseAll }, ['twilio']],
      ['while it waits for its permits', { atPermits: pauseAll }, []],
    ])(
      'waits as the others do, and goes on after the resume: %s',
      async (_, happenings, before) => {
        const { id, asked } = await dispatch(happenings)
        expect(asked).toEqual(before)
        const waits = { status: 'queued', hold_reason: 'gateway-paused', claimed_by: null }
        expect(await readMessage(db, id)).toMatchObject({ ...waits, attempt_number: before.length })
        expect((await readTimeline(db, id)).at(-1)).toBe('queued')
        const ring = () =>
          ringMessages(db, { lane: 'normal', now: new Date(), limit: 100, retriesOnly: true })
        expect(await ring()).toEqual([])
        await resumeAll()
        expect(await ring()).toEqual([id])
        const [again] = await claim(db, [id], { now: new Date() })
        expect(again).toMatchObject({ attemptNumber: before.length })
      },
    )
  })
})
