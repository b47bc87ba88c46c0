import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { LoadResult } from './load.ts'
import type { AcceptedMessage } from './verdict.ts'
import type { World } from './world.ts'

export interface CampaignPlan {
  recipients: number
  /** Whether the storm has not had enough of it. */
  wantsMore: () => boolean
}

const FIRST_NUMBER = 12_000_000
const UPLOAD_LIMIT_MS = 300_000
const HANDED_LIMIT_MS = 1_800_000
const REPEAT_MS = 500
const POLL_MS = 1_000
const TYPE = 'notice'

/** One campaign by an upload; when everybody was handed over, whose message is whose. */
export async function sendCampaign(world: World, plan: CampaignPlan): Promise<LoadResult> {
  const result: LoadResult = { accepted: [], answers: {}, slowestMs: 0, broken: [] }
  if (!(await upload(world, plan.recipients, result))) {
    result.broken.push('the campaign was never accepted')
    return result
  }
  const until = performance.now() + HANDED_LIMIT_MS
  while ((await hasPending(world)) || plan.wantsMore()) {
    if (performance.now() > until) {
      result.broken.push('the campaign did not come to its end')
      break
    }
    await delay(POLL_MS)
  }
  result.accepted.push(...(await readLedger(world)))
  return result
}

/** As a producer should do it: with one key, until it is answered 202. */
async function upload(
  { urls, apiKey }: World,
  recipients: number,
  result: LoadResult,
): Promise<boolean> {
  const key = randomUUID()
  const lines = Array.from({ length: recipients }, (_, index) => `09${FIRST_NUMBER + index}`)
  const file = new Blob([['phone', ...lines].join('\n')])
  const until = performance.now() + UPLOAD_LIMIT_MS
  for (let turn = 0; performance.now() < until; turn++) {
    const form = new FormData()
    const fields = { name: 'chaos', message_type: TYPE, message: '通知', canary: 'null' }
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', file, 'people.csv')
    const startedAt = performance.now()
    const status = await fetch(`${urls[turn % urls.length] ?? ''}/api/v1/sms/campaigns`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': key },
      body: form,
    }).then(
      async (response) => {
        await response.text()
        return String(response.status)
      },
      () => 'none',
    )
    result.answers[status] = (result.answers[status] ?? 0) + 1
    result.slowestMs = Math.max(result.slowestMs, Math.round(performance.now() - startedAt))
    if (status === '202') return true
    await delay(REPEAT_MS)
  }
  return false
}

async function hasPending({ pool }: World): Promise<boolean> {
  const { rows } = await pool.query(
    `select from campaign_recipient r join campaign c on c.id = r.campaign_id
     where r.state = 'pending' and c.loaded_at is not null limit 1`,
  )
  return rows.length > 0
}

/** One for each person; a person without a message has an id that no message has. */
async function readLedger({ pool }: World): Promise<AcceptedMessage[]> {
  const { rows } = await pool.query<{ row: number; id: string | null }>(
    `select r.row_number as row, r.message_id as id from campaign_recipient r
     join campaign c on c.id = r.campaign_id where c.loaded_at is not null`,
  )
  return rows.map(({ row, id }) => ({
    id: id ?? 'none',
    // Row 1 is the header.
    phone: `+8869${FIRST_NUMBER + row - 2}`,
    type: TYPE,
  }))
}
