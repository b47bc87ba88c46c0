import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  appendRecipients,
  appendRejects,
  type LedgerEntry,
  type Reject,
} from '@sms-gateway/db/campaign-loading'
import type { Db } from '@sms-gateway/db/connect'
import type { Vault } from '@sms-gateway/db/vault'
import type { CampaignId } from '@sms-gateway/domain/ids'
import type { CheckedRow, SourceRow } from './check-recipient.ts'

/** Rows as they are read, in order: what could not be read comes as a reject. */
export type RowSource = AsyncIterable<readonly (SourceRow | Reject)[]>

export interface LoadTotals {
  rows: number
  recipients: number
  segments: number
  rejects: number
  duplicates: number
}

export const MAX_ROWS = 1_000_000
/** Rows a statement: a few milliseconds each of ours and of PostgreSQL's, which work side by side. */
const BATCH = 500
/** Rows between two turns of the event loop: single messages are not held up by a file. */
const TURN = 250

/**
 * Puts the rows on the campaign's ledger, or on its list of rejects. One batch is written while the next is read, and no
 * more: whoever reads the source waits. `undefined` where there are more rows than a campaign takes; rejects where the
 * signal aborts. However it ends, nothing is being written any more.
 */
export async function loadRecipients(
  deps: { db: Db; vault: Vault },
  { id: campaignId, signal }: { id: CampaignId; signal: AbortSignal },
  check: (row: SourceRow) => CheckedRow,
  source: RowSource,
): Promise<LoadTotals | undefined> {
  const totals = { rows: 0, recipients: 0, segments: 0, rejects: 0, duplicates: 0 }
  let batch: Batch = { entries: [], rejects: [] }
  let writing: Promise<void> = Promise.resolve()

  const flush = async () => {
    await writing
    signal.throwIfAborted()
    writing = write(deps, campaignId, batch, totals)
    batch = { entries: [], rejects: [] }
    // Whoever awaits it next hears of it.
    writing.catch(() => undefined)
  }
  const takeAll = async (rows: readonly (SourceRow | Reject)[]) => {
    for (const row of rows) {
      totals.rows += 1
      if (totals.rows > MAX_ROWS) return false
      take(row, check, batch)
      if (totals.rows % BATCH === 0) await flush()
      else if (totals.rows % TURN === 0) await nextTurn()
    }
    return true
  }
  try {
    for await (const rows of source) if (!(await takeAll(rows))) return undefined
    await flush()
    await writing
    return totals
  } finally {
    await writing.catch(() => undefined)
  }
}

interface Batch {
  entries: LedgerEntry[]
  rejects: Reject[]
}

function take(
  row: SourceRow | Reject,
  check: (row: SourceRow) => CheckedRow,
  { entries, rejects }: Batch,
): void {
  if ('code' in row) {
    rejects.push(row)
    return
  }
  const checked = check(row)
  if (checked.kind === 'ok') entries.push(checked.entry)
  else rejects.push({ row: row.row, code: checked.code, detail: checked.detail })
}

async function write(
  { db, vault }: { db: Db; vault: Vault },
  campaignId: CampaignId,
  { entries, rejects }: Batch,
  totals: LoadTotals,
): Promise<void> {
  await appendRejects(db, campaignId, rejects)
  const { recipients, segments } = await appendRecipients(db, vault, campaignId, entries)
  totals.rejects += rejects.length
  totals.recipients += recipients
  totals.segments += segments
  totals.duplicates += entries.length - recipients
}
