import { moveCampaign } from '@sms-gateway/db/campaign-actions'
import type { Db } from '@sms-gateway/db/connect'
import type { CampaignAction } from '@sms-gateway/domain/campaign-status'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { DEFAULT_DOUBT_POLICIES } from '@sms-gateway/domain/in-doubt-policy'
import type { Provider, ProviderName, SendOutcome } from '@sms-gateway/domain/provider'
import {
  claim,
  startCampaign,
  storeMessage,
  vault,
  WORKER,
} from '../../../packages/db/test/support.ts'
import { createAttemptWriter } from '../src/attempt-writer.ts'
import { type DispatchDeps, dispatchMessage } from '../src/dispatch-message.ts'
import { createFactFinder } from '../src/fresh-facts.ts'
import { createLaneSlots } from '../src/lane-slots.ts'

/** Something done to the message, or its campaign, while it is with its dispatcher. */
export type Happening = (db: Db, campaignId: CampaignId) => Promise<unknown>

const nothing: Happening = () => Promise.resolve()

export function act(action: CampaignAction): Happening {
  return (db, id) => moveCampaign(db, vault, { id, action, now: new Date() })
}

export const endTime: Happening = (db, campaignId) =>
  db
    .updateTable('message')
    .set({ expires_at: new Date(Date.now() - 1_000) })
    .where('campaign_id', '=', campaignId)
    .execute()

const UNREACHABLE: SendOutcome = { kind: 'unreachable', code: 'ECONNREFUSED', detail: 'not there' }
/** Of a claim so long ago that what it said of the gates is not good any more. */
const LONG_AGO = -60_000

export interface Passage {
  atTwilio?: Happening
  atPermits?: Happening
  first?: SendOutcome
  /** Accepted, where it is not given. */
  second?: SendOutcome
  messageType?: string
}

/** Takes a message of a campaign to Twilio, which cannot be reached, and then to Chunghwa, while things happen. */
export async function dispatchToTwo(
  db: Db,
  {
    atTwilio = nothing,
    atPermits = nothing,
    first = UNREACHABLE,
    second,
    messageType = 'notice',
  }: Passage,
) {
  const campaignId = await startCampaign(db)
  const { id } = await storeMessage(db, { campaignId, messageType })
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
      await during(db, campaignId)
      return [{ part: 1, outcome }]
    },
    close: () => Promise.resolve(),
  })
  const answer = second ?? { kind: 'accepted', reference: id }
  const providers = [
    createProvider('twilio', atTwilio, first),
    createProvider('chunghwa', nothing, answer),
  ]
  const writer = createAttemptWriter(db, WORKER, new AbortController().signal)
  const takePermits: DispatchDeps['takePermits'] = async () => {
    await atPermits(db, campaignId)
    return { kind: 'permit', windows: [{ from: 0, until: Number.POSITIVE_INFINITY }] }
  }
  try {
    await dispatchMessage(createDeps(db, { writer, providers, takePermits }), message, LONG_AGO)
  } finally {
    await writer.close()
  }
  return { id, asked }
}

function createDeps(
  db: Db,
  {
    writer,
    providers,
    takePermits,
  }: Pick<DispatchDeps, 'writer' | 'takePermits'> & { providers: readonly Provider[] },
): DispatchDeps {
  const names = providers.map(({ name }) => name)
  return {
    ...{ workerId: WORKER, writer, takePermits, takeTurn: undefined },
    ...{ now: () => new Date(), random: () => 0, providerTimeoutMs: 5_000 },
    providers: new Map(providers.map((provider) => [provider.name, provider])),
    routing: { orderFor: () => ({ order: names, reason: null }) },
    circuits: {
      isEnabled: () => true,
      admit: () => ({ kind: 'closed' }),
      claimProbe: () => Promise.resolve(true),
      report: () => undefined,
      close: () => Promise.resolve(),
    },
    restingUntil: new Map(),
    slots: new Map(names.map((name) => [name, createLaneSlots(1)])),
    policy: {
      retry: { maxAttempts: 5, baseMs: 1_000, maxMs: 60_000 },
      doubt: DEFAULT_DOUBT_POLICIES,
    },
    gates: {
      allowedRecipients: undefined,
      quiet: { window: null, timeZone: 'Asia/Taipei', exemptTypes: [] },
      suppression: { marketingTypes: [], requireConsent: false },
    },
    findFreshFacts: createFactFinder(db, () => new Date()),
    optOut: () => Promise.resolve(),
    onAttempt: () => undefined,
  }
}
