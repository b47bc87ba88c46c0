import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from '@jest/globals'
import { appendRecipients, finishLoading } from '@sms-gateway/db/campaign-loading'
import { stepCampaign } from '@sms-gateway/db/campaign-steps'
import { findCampaign, insertCampaign } from '@sms-gateway/db/campaigns'
import { holdBudgets } from '@sms-gateway/db/hold-budgets'
import { releaseHold } from '@sms-gateway/db/release-holds'
import { type BudgetsInForce, planBudgets, prepareBudgets } from '@sms-gateway/db/reserve-budgets'
import { createBudgetBook } from '@sms-gateway/domain/budget-book'
import { type CampaignId, createBatchId, createCampaignId } from '@sms-gateway/domain/ids'
import { Phone } from '@sms-gateway/domain/phone'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, buildMessage, NOW, vault } from './support.ts'

const AMOUNT = 10
const PEOPLE = 4

onEachPostgres((postgres) => {
  let clientId: string
  let inForce: BudgetsInForce
  let id: CampaignId
  beforeEach(async () => {
    clientId = randomUUID()
    const scope = { scope: 'client', clientId, key: '', period: 'day', unit: 'messages' } as const
    const book = createBudgetBook([{ ...scope, hard: true, amount: AMOUNT }])
    inForce = { book, timeZone: 'UTC' }
    id = await startCampaign()
  })

  const startCampaign = async () => {
    const campaignId = createCampaignId(NOW)
    await insertCampaign(postgres.db, vault, {
      ...{ id: campaignId, clientId, createdAt: NOW, name: 'gas', messageType: 'promotion' },
      ...{ content: { kind: 'text', text: '瓦斯' }, lane: 'bulk', customerId: null, window: null },
      ...{ timeZone: 'UTC', scheduleAt: null, cron: null, missedAfterSeconds: 60 },
      thresholds: { failureRate: null, optOutRate: null, minResults: 100 },
    })
    const people = Array.from({ length: PEOPLE }, (_, row) => {
      const { phone } = buildMessage()
      return { row: row + 1, phone, customerId: null, data: {}, segments: 1 }
    })
    const added = await appendRecipients(postgres.db, vault, campaignId, people)
    await finishLoading(postgres.db, vault, {
      ...{ ...added, id: campaignId, rejects: 0, duplicates: 0, canary: null, now: NOW },
      begin: { status: 'running' },
    })
    return campaignId
  }
  const hold = async (count: number) => {
    const batchId = createBatchId(NOW)
    const messages = Array.from({ length: count }, () => buildMessage({ clientId, batchId }))
    const plan = planBudgets(messages, inForce)
    if (!plan) throw new Error('no budget is about them')
    await prepareBudgets(postgres.db, plan)
    await holdBudgets(postgres.db, batchId, plan, NOW)
    return batchId
  }
  /** As a commit does that brings the messages. */
  const keep = (batchId: string) =>
    postgres.db.deleteFrom('budget_hold').where('batch_id', '=', batchId).execute()
  const step = async (seconds = 0) => {
    const options = { id, size: 100, backlog: 100, windowSeconds: 0, inForce, now: after(seconds) }
    const result = await stepCampaign(postgres.db, vault, options, (_trx, _campaign, people) =>
      Promise.resolve(
        people.map(({ phone }) => ({
          kind: 'hand' as const,
          message: buildMessage({ clientId, campaignId: id, phone: Phone.parse(phone) }),
        })),
      ),
    )
    const campaign = await findCampaign(postgres.db, vault, id)
    const handed = result.kind === 'handed' ? result.messages.length : result.kind
    return { handed, status: campaign?.status, reason: campaign?.reason?.code }
  }

  test('room that a bulk holds for a moment does not pause a campaign: it tries again', async () => {
    const batchId = await hold(AMOUNT - 1)
    expect(await step()).toMatchObject({ handed: 1, status: 'running' })
    expect(await step(1)).toMatchObject({ handed: 'waiting', status: 'running' })
    await releaseHold(postgres.db, batchId)
    expect(await step(3)).toMatchObject({ handed: PEOPLE - 1, status: 'running' })
  })

  test('once the bulk is stored, its room is gone, and the campaign pauses', async () => {
    const batchId = await hold(AMOUNT)
    expect(await step()).toMatchObject({ handed: 0, status: 'running' })
    await keep(batchId)
    const paused = { handed: 0, status: 'paused', reason: 'budget-exhausted' }
    expect(await step(3)).toEqual(paused)
  })

  test('a budget that is full whatever is held of another pauses it at once', async () => {
    const scope = { scope: 'client', clientId, key: '', period: 'month', unit: 'messages' } as const
    await hold(AMOUNT)
    inForce.book = createBudgetBook([
      { ...scope, period: 'day', hard: true, amount: AMOUNT },
      { ...scope, hard: true, amount: 0 },
    ])
    expect(await step()).toMatchObject({ handed: 0, status: 'paused' })
  })
})
