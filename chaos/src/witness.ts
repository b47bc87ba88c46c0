import type { ProviderName } from '@sms-gateway/domain/provider'
import type { MessageRow, TakenPart } from './verdict.ts'
import type { World } from './world.ts'

/** What the gateway says became of its messages. */
export async function readRows({ pool }: World): Promise<MessageRow[]> {
  const { rows } = await pool.query<MessageRow>(`
    select id, status, in_doubt as "inDoubt", possible_duplicate as "possibleDuplicate", provider from message`)
  return rows
}

/** Receipts that the gateway has thanked for, and does not know. */
export async function countUnkept({ pool, relay }: World): Promise<number> {
  const { rows } = await pool.query<{ name: string }>(
    `select reference || ' ' || status as name from receipt where provider = 'twilio'`,
  )
  const kept = new Set(rows.map(({ name }) => name))
  return [...relay.answered].filter((name) => !kept.has(name)).length
}

/** What the simulators took. */
export function readTaken({ twilio, chunghwa }: World): TakenPart[] {
  const whole = twilio.submissions().map(({ to }) => taken('twilio', to))
  const parts = chunghwa
    .submissions()
    .flatMap(({ to, part }) =>
      to.map((number) => taken('chunghwa', `+886${number.slice(1)}`, part?.number, part?.total)),
    )
  return [...whole, ...parts]
}

function taken(provider: ProviderName, phone: string, part = 1, parts = 1): TakenPart {
  return { provider, phone, part, parts }
}
