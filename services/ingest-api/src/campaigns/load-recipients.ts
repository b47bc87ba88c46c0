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
 * more: whoever reads the source waits. `undefined` where there are more rows than a campaign takes.
 */
export async function loadRecipients(
  deps: { db: Db; vault: Vault },
  campaignId: CampaignId,
  check: (row: SourceRow) => CheckedRow,
  source: RowSource,
): Promise<LoadTotals | undefined> {
  const totals = { rows: 0, recipients: 0, segments: 0, rejects: 0, duplicates: 0 }
  let entries: LedgerEntry[] = []
  let rejects: Reject[] = []
  let writing: Promise<void> = Promise.resolve()

  const flush = async () => {
    await writing
    const batch = { entries, rejects }
    entries = []
    rejects = []
    writing = write(deps, campaignId, batch, totals)
    // Whoever awaits it next hears of it.
    writing.catch(() => undefined)
  }
  for await (const rows of source) {
    for (const row of rows) {
      totals.rows += 1
      if (totals.rows > MAX_ROWS) return undefined
      if ('code' in row) rejects.push(row)
      else take(row, check(row), entries, rejects)
      if (totals.rows % BATCH === 0) await flush()
      else if (totals.rows % TURN === 0) await nextTurn()
    }
  }
  await flush()
  await writing
  return totals
}

function take(
  { row }: SourceRow,
  checked: CheckedRow,
  entries: LedgerEntry[],
  rejects: Reject[],
): void {
  if (checked.kind === 'ok') entries.push(checked.entry)
  else rejects.push({ row, code: checked.code, detail: checked.detail })
}

async function write(
  { db, vault }: { db: Db; vault: Vault },
  campaignId: CampaignId,
  { entries, rejects }: { entries: readonly LedgerEntry[]; rejects: readonly Reject[] },
  totals: LoadTotals,
): Promise<void> {
  await appendRejects(db, campaignId, rejects)
  const { recipients, segments } = await appendRecipients(db, vault, campaignId, entries)
  totals.rejects += rejects.length
  totals.recipients += recipients
  totals.segments += segments
  totals.duplicates += entries.length - recipients
}
