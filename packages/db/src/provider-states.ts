import { type Selectable, sql } from 'kysely'
import type { Circuit } from '@sms-gateway/domain/circuit'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db, DbTransaction } from './connect.ts'
import type { ProviderStateTable } from './schema/providers.ts'

export interface ProviderState {
  provider: ProviderName
  /** Switched on by the operators. */
  enabled: boolean
  circuit: Circuit
  balance: { amount: string; currency: string; at: Date } | null
}

/** A provider that has no row yet has never failed, and is on. */
export async function listProviderStates(db: Db): Promise<ProviderState[]> {
  const rows = await db.selectFrom('provider_state').selectAll().orderBy('provider').execute()
  return rows.map(toState)
}

export interface ProviderChange {
  provider: ProviderName
  now: Date
  /** Who did it, where a person did. */
  actor: string | null
}

/**
 * Changes a provider's circuit under its lock; the decision is the caller's, and pure. A change of state is kept as an
 * event with its reason. Returns the circuit as it is after.
 */
export async function changeCircuit(
  db: Db,
  { provider, now, actor }: ProviderChange,
  decide: (circuit: Circuit) => Circuit | undefined,
): Promise<{ circuit: Circuit; changed: boolean }> {
  return db.transaction().execute(async (trx) => {
    const { circuit } = await lockState(trx, provider)
    const next = decide(circuit)
    if (!next || next === circuit) return { circuit, changed: false }
    await trx
      .updateTable('provider_state')
      .set({
        circuit: next.state,
        failures: next.failures,
        opened_at: next.openedAt,
        probe_until: next.probeUntil,
        reason: next.reason,
        updated_at: now,
      })
      .where('provider', '=', provider)
      .execute()
    if (next.state !== circuit.state) {
      const state = `circuit ${next.state}`
      await tellEvent(trx, { provider, now, actor }, { state, reason: next.reason })
    }
    return { circuit: next, changed: true }
  })
}

/** The operators' switch; done before, nothing changes. */
export async function switchProvider(
  db: Db,
  change: ProviderChange,
  enabled: boolean,
  reason: string,
): Promise<void> {
  const { provider, now } = change
  await db.transaction().execute(async (trx) => {
    const before = await lockState(trx, provider)
    if (before.enabled === enabled) return
    await trx
      .updateTable('provider_state')
      .set({ enabled, updated_at: now })
      .where('provider', '=', provider)
      .execute()
    await tellEvent(trx, change, { state: enabled ? 'enabled' : 'disabled', reason })
  })
}

export async function storeBalance(
  db: Db,
  provider: ProviderName,
  { amount, currency }: { amount: string; currency: string },
  now: Date,
): Promise<void> {
  const balance = { balance: amount, balance_currency: currency, balance_at: now }
  await db
    .insertInto('provider_state')
    .values({ provider, ...balance })
    .onConflict((oc) => oc.column('provider').doUpdateSet(balance))
    .execute()
}

async function lockState(trx: DbTransaction, provider: ProviderName): Promise<ProviderState> {
  await sql`insert into provider_state (provider) values (${provider}) on conflict do nothing`.execute(
    trx,
  )
  const row = await trx
    .selectFrom('provider_state')
    .selectAll()
    .where('provider', '=', provider)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return toState(row)
}

async function tellEvent(
  trx: DbTransaction,
  { provider, now, actor }: ProviderChange,
  { state, reason }: { state: string; reason: string },
): Promise<void> {
  await trx
    .insertInto('provider_event')
    .values({ provider, at: now, state, reason, actor })
    .execute()
}

function toState(row: Selectable<ProviderStateTable>): ProviderState {
  const { balance, balance_currency: currency, balance_at: at } = row
  return {
    provider: row.provider,
    enabled: row.enabled,
    circuit: {
      state: row.circuit,
      failures: row.failures,
      openedAt: row.opened_at,
      probeUntil: row.probe_until,
      reason: row.reason,
    },
    balance:
      balance === null || currency === null || at === null
        ? null
        : { amount: balance, currency, at },
  }
}
