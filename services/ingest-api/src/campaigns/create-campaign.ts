import { fingerprintOf } from '@sms-gateway/acceptance/find-repeated'
import type { CampaignFields } from '@sms-gateway/contracts/campaign-request'
import { abandonCampaign, finishLoading, type Loaded } from '@sms-gateway/db/campaign-loading'
import { insertCampaign } from '@sms-gateway/db/campaigns'
import type { Campaign } from '@sms-gateway/domain/campaign'
import {
  type Canary,
  CANARY_FROM_RECIPIENTS,
  DEFAULT_CANARY,
} from '@sms-gateway/domain/campaign-judgement'
import { nextTime } from '@sms-gateway/domain/campaign-schedule'
import type { CampaignId } from '@sms-gateway/domain/ids'
import { toCampaignResponse } from './campaign-answers.ts'
import type { CampaignDeps } from './campaign-deps.ts'
import { createRecipientCheck } from './check-recipient.ts'
import { loadRecipients, type LoadTotals, MAX_ROWS, type RowSource } from './load-recipients.ts'
import { planCampaign, type Planned, type Refused } from './plan-campaign.ts'

export interface CampaignCommand {
  clientId: string
  path: string
  fields: CampaignFields
  /** What tells a repeat from another request under the same key. */
  body: unknown
  idempotencyKey: string | undefined
  id: CampaignId
  /** Nobody waits for it any more: what is made of it goes again. */
  signal: AbortSignal
}

export type Created = { kind: 'accepted'; response: string } | { kind: 'key-used' } | Refused

/** Row by row first, and last of all the campaign itself: nobody sees one whose recipients are not all there. */
export async function createCampaign(
  deps: CampaignDeps,
  command: CampaignCommand,
  source: RowSource,
): Promise<Created> {
  const { db, vault } = deps
  const { id, clientId } = command
  const planned = await planCampaign(deps, command.fields)
  if (planned.kind === 'refused') return planned
  await insertCampaign(db, vault, { ...planned.plan, id, clientId, createdAt: deps.now() })
  let created: Created | undefined
  try {
    created = await load(deps, command, planned, source)
    return created
  } finally {
    // Where this fails, its silence tells on it within the hour.
    if (created?.kind !== 'accepted') await abandonCampaign(db, id).catch(() => undefined)
  }
}

async function load(
  deps: CampaignDeps,
  command: CampaignCommand,
  planned: Planned,
  source: RowSource,
): Promise<Created> {
  const { vault, rules } = deps
  const { plan, template } = planned
  const { id, clientId, signal } = command
  const { senderName } = await deps.settingsOf({ clientId, customerId: plan.customerId })
  const check = createRecipientCheck({
    content: plan.content,
    template,
    messageType: plan.messageType,
    // The name of a recipient's own customer may be longer: then the message tells, this check does not.
    rules: senderName === null ? rules : { ...rules, companyName: senderName },
    vault,
    now: deps.now(),
  })
  const totals = await loadRecipients(deps, { id, signal }, check, source)
  if (!totals) {
    const detail = `A campaign takes up to ${MAX_ROWS} rows: make several of it.`
    return { kind: 'refused', code: 'too-many-recipients', detail }
  }
  if (totals.rows === 0) {
    return { kind: 'refused', code: 'campaign-empty', detail: 'There is no row with a recipient.' }
  }
  return finish(deps, command, { planned, totals })
}

async function finish(
  { db, vault, now }: CampaignDeps,
  { id, clientId, path, fields, body, idempotencyKey: key }: CampaignCommand,
  { planned, totals }: { planned: Planned; totals: LoadTotals },
): Promise<Created> {
  const at = now()
  const loaded: Loaded = {
    ...totals,
    id,
    canary: chooseCanary(fields.canary, totals.recipients),
    begin: chooseBegin(fields, planned, at),
    now: at,
  }
  const answerOf = (campaign: Campaign) => JSON.stringify(toCampaignResponse(campaign, {}))
  const answer =
    key === undefined
      ? undefined
      : (campaign: Campaign) => ({
          clientId,
          path,
          key,
          fingerprint: fingerprintOf(vault, body),
          status: 202,
          response: answerOf(campaign),
        })
  const campaign = await finishLoading(db, vault, loaded, answer)
  return campaign ? { kind: 'accepted', response: answerOf(campaign) } : { kind: 'key-used' }
}

/** Where nothing is said a large campaign has one; null asks for none. */
function chooseCanary(asked: CampaignFields['canary'], recipients: number): Canary | null {
  if (asked === null) return null
  if (asked === undefined) return recipients >= CANARY_FROM_RECIPIENTS ? DEFAULT_CANARY : null
  const { percent, at_least: atLeast, wait_minutes: waitMinutes } = asked
  return { percent, atLeast, waitMinutes }
}

/** A draft keeps its schedule for when it is started. */
function chooseBegin(
  { draft }: CampaignFields,
  { plan: { cron, timeZone, scheduleAt } }: Planned,
  now: Date,
): Loaded['begin'] {
  if (draft) return { status: 'draft' }
  const at = nextTime({ scheduleAt, cron, timeZone }, now)
  return at ? { status: 'scheduled', nextRunAt: at } : { status: 'running' }
}
