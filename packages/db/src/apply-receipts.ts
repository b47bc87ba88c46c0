import { MessageId } from '@sms-gateway/domain/ids'
import type { Db, DbTransaction } from './connect.ts'
import { moveByReceipts } from './move-by-receipts.ts'
import { optOutRecipient } from './opt-out-recipient.ts'
import type { Reference } from './provider-reference.ts'
import { referenceKey } from './provider-reference.ts'
import { claimReferences, findReferences, type Receipt } from './receipt-references.ts'
import { retryDeadlock } from './retry-deadlock.ts'
import type { ReceiptState } from './schema/receipts.ts'
import type { Vault } from './vault.ts'

export interface AppliedReceipts {
  applied: number
  /** They speak of a submission that we do not know yet, or never made. */
  parked: number
}

/** Applies kept receipts in one transaction. Safe to repeat: one that is applied is not looked at again. */
export async function applyReceipts(
  db: Db,
  vault: Vault,
  keys: readonly Buffer[],
  now: Date,
): Promise<AppliedReceipts> {
  if (keys.length === 0) return { applied: 0, parked: 0 }
  return retryDeadlock(() =>
    db.transaction().execute(async (trx) => {
      const receipts = await lockReceipts(trx, keys)
      await claimReferences(trx, receipts, now)
      const references = await findReferences(trx, receipts)
      const known = receipts.filter((receipt) => references.has(referenceKey(receipt)))
      await moveByReceipts(trx, known, references, now)
      await optOut(trx, vault, { receipts: known, references }, now)
      const parked = receipts.filter((receipt) => !references.has(referenceKey(receipt)))
      await markReceipts(trx, known, 'applied', now)
      await markReceipts(trx, parked, 'parked', now)
      return { applied: known.length, parked: parked.length }
    }),
  )
}

async function lockReceipts(trx: DbTransaction, keys: readonly Buffer[]): Promise<Receipt[]> {
  return trx
    .selectFrom('receipt')
    .selectAll()
    .where('dedupe_key', 'in', [...keys])
    .where('state', '<>', 'applied')
    .orderBy('dedupe_key')
    .forUpdate()
    .skipLocked()
    .execute()
}

/** The carrier or the provider says that this person refuses such texts: our own list must know it (contract.md, 6). */
async function optOut(
  trx: DbTransaction,
  vault: Vault,
  {
    receipts,
    references,
  }: { receipts: readonly Receipt[]; references: ReadonlyMap<string, Reference> },
  now: Date,
): Promise<void> {
  for (const receipt of receipts.filter(({ opted_out: optedOut }) => optedOut)) {
    const reference = references.get(referenceKey(receipt))
    if (!reference) continue
    const { provider, error_code: code, recipient_hash: hash } = receipt
    const id = MessageId.parse(reference.message_id)
    await optOutRecipient(trx, vault, id, { provider, code, hash, now })
  }
}

async function markReceipts(
  trx: DbTransaction,
  receipts: readonly Receipt[],
  state: ReceiptState,
  now: Date,
): Promise<void> {
  if (receipts.length === 0) return
  await trx
    .updateTable('receipt')
    .set({ state, applied_at: state === 'applied' ? now : null })
    .where(
      'dedupe_key',
      'in',
      receipts.map(({ dedupe_key: key }) => key),
    )
    .execute()
}
