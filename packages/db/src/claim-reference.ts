import { sql } from 'kysely'
import type { AttemptKey } from '@sms-gateway/domain/ids'
import type { ProviderName } from '@sms-gateway/domain/provider'
import type { Db } from './connect.ts'

/** Makes the provider's id this attempt's own; false when another attempt has it. Safe to repeat. */
export async function claimReference(
  db: Db,
  { messageId, number }: AttemptKey,
  { provider, reference }: { provider: ProviderName; reference: string },
  now: Date,
): Promise<boolean> {
  const { rows } = await sql`
    with claimed as (
      insert into provider_reference (provider, reference, message_id, attempt_number, part, parts, delivery_status,
        created_at, charge_milli)
      select ${provider}, ${reference}, m.id, ${number}, 1, 1, 'accepted', ${now},
        charge_of(${provider}, m.country, m.segments, ${now})
      from message m where m.id = ${messageId}
      on conflict (provider, reference) do nothing
      returning message_id, charge_milli
    ),
    charged as (
      update message m set charged_milli = add_charge(m.charged_milli, c.charge_milli),
        cost_milli = cost_after(m.status, m.cost_milli, add_charge(m.charged_milli, c.charge_milli))
      from claimed c where m.id = ${messageId} and m.id = c.message_id
    )
    select from claimed`.execute(db)
  if (rows.length === 1) return true
  const own = await db
    .selectFrom('provider_reference')
    .select('reference')
    .where('provider', '=', provider)
    .where('reference', '=', reference)
    .where('message_id', '=', messageId)
    .where('attempt_number', '=', number)
    .executeTakeFirst()
  return own !== undefined
}
