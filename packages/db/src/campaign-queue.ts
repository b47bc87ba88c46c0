import { sql } from 'kysely'
import type { Campaign } from '@sms-gateway/domain/campaign'
import type { CampaignResults } from '@sms-gateway/domain/campaign-judgement'
import { isCanaryOver, judgeCampaign } from '@sms-gateway/domain/campaign-judgement'
import { measurePace } from '@sms-gateway/domain/campaign-progress'
import { decideDue } from '@sms-gateway/domain/campaign-schedule'
import { CampaignId } from '@sms-gateway/domain/ids'
import { stopCampaign } from './campaign-actions.ts'
import { countCampaignResults, countUnsent } from './campaign-counts.ts'
import { campaignStart, endRun } from './campaign-runs.ts'
import type { Db } from './connect.ts'
import { lockCampaign } from './lock-campaign.ts'
import type { Vault } from './vault.ts'

/** Campaigns that run, the one whose turn is longest ago first. */
export async function listRunning(db: Db, limit: number): Promise<CampaignId[]> {
  const rows = await db
    .selectFrom('campaign')
    .select('id')
    .where('status', '=', 'running')
    .orderBy('stepped_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => CampaignId.parse(id))
}

/** Starts one that has come due, or says that its time was missed. `false` where none is due. */
export async function startDueCampaign(db: Db, vault: Vault, now: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const due = await trx
      .selectFrom('campaign')
      .select('id')
      .where('status', '=', 'scheduled')
      .where('next_run_at', '<=', now)
      .orderBy('next_run_at')
      .limit(1)
      .forNoKeyUpdate()
      .skipLocked()
      .executeTakeFirst()
    const campaign = due && (await lockCampaign(trx, vault, CampaignId.parse(due.id)))
    if (!campaign?.nextRunAt) return false
    const { nextRunAt: dueAt, missedAfterSeconds } = campaign
    if (decideDue({ dueAt, missedAfterSeconds }, now) === 'missed') {
      await endRun(trx, campaign, 'missed', now)
    } else {
      await trx
        .updateTable('campaign')
        .set(campaignStart(campaign, now))
        .where('id', '=', campaign.id)
        .execute()
    }
    return true
  })
}

/** Campaigns whose results are to be looked at again. */
export async function listToJudge(db: Db, now: Date, limit: number): Promise<CampaignId[]> {
  const rows = await db
    .selectFrom('campaign')
    .select('id')
    .where('status', '=', 'running')
    .where('judge_at', '<=', now)
    .orderBy('judge_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => CampaignId.parse(id))
}

export interface Judged {
  id: CampaignId
  now: Date
  /** When it is looked at again: asked once the counts are in. */
  nextAt: (now: Date) => Date
}

/** Looks at what the run has come to: halts it, lets all follow its canary, measures its pace. */
export async function judgeRunning(
  db: Db,
  vault: Vault,
  { id, now, nextAt }: Judged,
): Promise<'halted' | 'goes-on' | 'none'> {
  return db.transaction().execute(async (trx) => {
    const campaign = await lockCampaign(trx, vault, id)
    if (campaign?.status !== 'running') return 'none'
    const all = await countCampaignResults(trx, campaign)
    const results = subtract(all, campaign.judgedFrom)
    const verdict = judgeCampaign(results, campaign.thresholds)
    if (verdict.kind === 'halt') {
      const { reason: code, detail } = verdict
      await stopCampaign(trx, campaign, { status: 'halted', reason: { code, detail } }, now)
      return 'halted'
    }
    const unsent = await countUnsent(trx, id, MANY)
    const done = campaign.handed + campaign.suppressed + campaign.refused - unsent
    await trx
      .updateTable('campaign')
      .set({
        judge_at: nextAt(now),
        pace: JSON.stringify(measurePace(campaign.pace, done, now)),
        canary_open: campaign.canaryOpen && !isOver(campaign, all, now),
      })
      .where('id', '=', id)
      .execute()
    return 'goes-on'
  })
}

/** More than ever wait at once. */
const MANY = 1_000_000

function isOver(campaign: Campaign, results: CampaignResults, now: Date): boolean {
  const { canary, canaryHandedAt, handed } = campaign
  const facts = { ...results, handed, handedOverAt: canaryHandedAt }
  return !canary || isCanaryOver(canary, { ...facts, allHandedOver: canaryHandedAt !== null }, now)
}

function subtract(all: CampaignResults, before: CampaignResults | null): CampaignResults {
  const from = (key: keyof CampaignResults) => Math.max(0, all[key] - (before?.[key] ?? 0))
  return {
    sent: from('sent'),
    delivered: from('delivered'),
    failed: from('failed'),
    optOuts: from('optOuts'),
  }
}

/** Takes away what an upload has left that was never finished. How many rows of it; 0 when there is none. */
export async function purgeAbandoned(db: Db, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from campaign where loaded_at is null and touched_at < ${before} order by touched_at limit 1`.execute(
    db,
  )
  const id = rows[0]?.id
  return id === undefined ? 0 : purgeSome(db, id, limit)
}

/** Some at a time: a million rows are not taken away in one statement. */
async function purgeSome(db: Db, id: string, limit: number): Promise<number> {
  let purged = 0
  for (const table of ['campaign_recipient', 'campaign_reject'] as const) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where campaign_id = ${id} limit ${limit}))`.execute(db)
    purged += Number(numAffectedRows ?? 0)
  }
  if (purged === 0) {
    await sql`delete from campaign where id = ${id} and loaded_at is null`.execute(db)
    return 1
  }
  return purged
}
