import { expect } from '@jest/globals'
import type { Stores } from '../../all-in-one/test-support/stores.ts'
import { type Admin, SMS } from './support.ts'

/** Makes templates with such variants and weights; each has a code that nobody else in the file has. */
export function createTemplateMaker({ api }: Admin) {
  let count = 0
  return async (weights: Record<string, number>): Promise<string> => {
    count += 1
    const code = `tested_${count}`
    for (const [variant, weight] of Object.entries(weights)) {
      const body = { code, name: 'x', variant, content: `text ${variant}`, weight }
      expect((await api.call(`${SMS}/templates`, { body })).status).toBe(201)
    }
    return code
  }
}

export interface Enrolment {
  stores: Stores
  experiment: string
  variant: string
  heldOut?: boolean
  /** Each from the first to before the last is somebody. */
  people: readonly [number, number]
  status: 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'suppressed'
  /** Since it was sent, or ended. */
  hoursAgo: number
}

/** A message to each of the people, as its row reads at such a status; each costs NT$0.50. */
export async function enrol(enrolment: Enrolment): Promise<void> {
  const { stores, experiment, variant, heldOut = false, people, status, hoursAgo } = enrolment
  const [row] = await stores.query<{ next: string }>('select count(*) as next from message')
  await stores.query(
    `insert into message (id, client_id, status, lane, channel, message_type, country, recipient_hash, recipient_cipher,
       content_cipher, encoding, segments, cost_milli, template_code, template_version, variant, experiment_id, held_out,
       expires_at, ring_at, created_at, updated_at, sent_at, delivered_at)
     select format('01a00000-0000-7000-8000-%s', lpad(to_hex($8 + n), 12, '0'))::uuid,
       '01890000-0000-7000-8000-000000000000', $4::text, 'normal', 'sms', 'promotion', 'TW', sha256(n::text::bytea), '\\x00',
       '\\x00', 'UCS-2', 1, 500, 'x', 1, $2, $1, $3, at, at, at, at,
       case when $4::text in ('sent', 'delivered', 'undelivered') then at end,
       case when $4::text = 'delivered' then at + interval '1 minute' end
     from generate_series($5::int, $6::int - 1) n, (select now() - make_interval(hours => $7) as at) t`,
    [
      experiment,
      variant,
      heldOut,
      status,
      ...people,
      hoursAgo,
      // Ids go on from those that are there, so that who is first is clear.
      Number(row?.next) * 10_000,
    ],
  )
}
