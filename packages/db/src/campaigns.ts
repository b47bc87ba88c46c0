import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Campaign, CampaignContent, NewCampaign } from '@sms-gateway/domain/campaign'
import { CampaignId } from '@sms-gateway/domain/ids'
import type { Db } from './connect.ts'
import type { CampaignTable } from './schema/campaigns.ts'
import type { Vault } from './vault.ts'

/** Not yet to be seen: its recipients come next, and then `finishLoading`. */
export async function insertCampaign(db: Db, vault: Vault, campaign: NewCampaign): Promise<void> {
  const { id, content, window } = campaign
  const isTemplate = content.kind === 'template'
  await db
    .insertInto('campaign')
    .values({
      id,
      client_id: campaign.clientId,
      name: campaign.name,
      status: 'draft',
      message_type: campaign.messageType,
      lane: campaign.lane,
      template_code: isTemplate ? content.templateCode : null,
      template_version: isTemplate ? content.templateVersion : null,
      content_cipher: isTemplate ? null : vault.seal(content.text, id),
      customer_id: campaign.customerId,
      deliver_from: window?.startMinute ?? null,
      deliver_to: window?.endMinute ?? null,
      time_zone: campaign.timeZone,
      schedule_at: campaign.scheduleAt,
      cron: campaign.cron,
      missed_after_seconds: campaign.missedAfterSeconds,
      thresholds: JSON.stringify(campaign.thresholds),
      created_at: campaign.createdAt,
      updated_at: campaign.createdAt,
    })
    .execute()
}

/** `clientId` restricts it to that client's own. */
export async function findCampaign(
  db: Db,
  vault: Vault,
  id: CampaignId,
  clientId?: string,
): Promise<Campaign | undefined> {
  const row = await db
    .selectFrom('campaign')
    .selectAll()
    .where('id', '=', id)
    .where('loaded_at', 'is not', null)
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
    .executeTakeFirst()
  return row && toCampaign(vault, row)
}

/** Newest first. `before` is the last id of the page before. */
export async function listCampaigns(
  db: Db,
  vault: Vault,
  {
    clientId,
    before,
    limit,
  }: { clientId: string | undefined; before: string | undefined; limit: number },
): Promise<Campaign[]> {
  const rows = await db
    .selectFrom('campaign')
    .selectAll()
    .where('loaded_at', 'is not', null)
    .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
    .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => toCampaign(vault, row))
}

const CanaryColumn = z
  .object({ percent: z.number(), atLeast: z.number(), waitMinutes: z.number() })
  .nullable()
const ThresholdsColumn = z.object({
  failureRate: z.number().nullable(),
  optOutRate: z.number().nullable(),
  minResults: z.number(),
})
const ResultsColumn = z
  .object({ sent: z.number(), delivered: z.number(), failed: z.number(), optOuts: z.number() })
  .nullable()
const PaceColumn = z
  .object({ perSecond: z.number().nullable(), done: z.number(), at: z.coerce.date() })
  .nullable()

export function toCampaign(vault: Vault, row: Selectable<CampaignTable>): Campaign {
  const id = CampaignId.parse(row.id)
  const { deliver_from: startMinute, deliver_to: endMinute } = row
  return {
    id,
    clientId: row.client_id,
    name: row.name,
    status: row.status,
    reason:
      row.reason_code === null ? null : { code: row.reason_code, detail: row.reason_detail ?? '' },
    content: toContent(vault, row),
    messageType: row.message_type,
    lane: row.lane,
    customerId: row.customer_id,
    window: startMinute === null || endMinute === null ? null : { startMinute, endMinute },
    timeZone: row.time_zone,
    scheduleAt: row.schedule_at,
    cron: row.cron,
    nextRunAt: row.next_run_at,
    missedAfterSeconds: row.missed_after_seconds,
    canary: CanaryColumn.parse(row.canary),
    thresholds: ThresholdsColumn.parse(row.thresholds),
    recipients: row.recipients,
    rejects: row.rejects,
    duplicates: row.duplicates,
    segments: row.segments,
    run: row.run,
    handed: row.handed,
    suppressed: row.suppressed,
    refused: row.refused,
    runFloor: row.run_floor,
    canaryOpen: row.canary_open,
    canaryHandedAt: row.canary_handed_at,
    judgedFrom: ResultsColumn.parse(row.judged_from),
    pace: PaceColumn.parse(row.pace),
    startedAt: row.started_at,
    stoppedAt: row.stopped_at,
    finishedAt: row.finished_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function toContent(vault: Vault, row: Selectable<CampaignTable>): CampaignContent {
  const { template_code: templateCode, template_version: templateVersion } = row
  if (templateCode !== null && templateVersion !== null) {
    return { kind: 'template', templateCode, templateVersion }
  }
  if (!row.content_cipher) throw new Error(`campaign ${row.id} has neither text nor template`)
  return { kind: 'text', text: vault.open(row.content_cipher, row.id) }
}
