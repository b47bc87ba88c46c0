import type { AcceptedMessage } from './verdict.ts'
import type { World } from './world.ts'

/** All that the database and the simulators know of a message that was lost or doubled; no text in it. */
export interface Finding {
  id: string
  message: unknown
  attempts: unknown[]
  events: unknown[]
  references: unknown[]
  receipts: unknown[]
  taken: unknown[]
}

const MAX_FINDINGS = 5

export async function findOut(
  world: World,
  suspects: readonly string[],
  accepted: readonly AcceptedMessage[],
): Promise<Finding[]> {
  return Promise.all(suspects.slice(0, MAX_FINDINGS).map((id) => lookInto(world, id, accepted)))
}

async function lookInto(
  { pool, twilio, chunghwa }: World,
  id: string,
  accepted: readonly AcceptedMessage[],
): Promise<Finding> {
  const rowsOf = async (query: string) => (await pool.query<object>(query, [id])).rows
  const [message] = await rowsOf(`
    select id, status, in_doubt, possible_duplicate, attempt_number, attempt_open, counted_attempts, provider,
      provider_message_id, pinned_provider, message_type, claimed_by, claimed_at, not_before, ring_at, hold_reason,
      error_code, created_at, updated_at, sent_at from message where id = $1`)
  const phone = accepted.find((each) => each.id === id)?.phone ?? ''
  return {
    id,
    message,
    attempts: await rowsOf('select * from attempt where message_id = $1 order by number'),
    events: await rowsOf('select * from message_event where message_id = $1 order by id'),
    references: await rowsOf('select * from provider_reference where message_id = $1'),
    receipts: await rowsOf(`
      select r.provider, r.reference, r.message_id, r.attempt_number, r.state, r.status, r.received_at, r.applied_at
      from receipt r where r.message_id = $1 or exists (select from provider_reference p
        where p.provider = r.provider and p.reference = r.reference and p.message_id = $1)`),
    taken: [
      ...twilio
        .submissions()
        .filter(({ to }) => to === phone)
        .map(({ at, sid, statusCallback }) => ({
          provider: 'twilio',
          at,
          sid,
          attempt: statusCallback?.split('attempt=')[1],
        })),
      ...chunghwa
        .submissions()
        .filter(({ to }) => to.some((number) => `+886${number.slice(1)}` === phone))
        .map(({ takenAt, id: reference, part }) => ({
          provider: 'chunghwa',
          at: new Date(takenAt),
          reference,
          part,
        })),
    ],
  }
}
