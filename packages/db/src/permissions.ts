import { type RawBuilder, sql } from 'kysely'
import type { Phone } from '@sms-gateway/domain/phone'
import {
  NOTHING_RECORDED,
  type PermissionKind,
  type Permissions,
} from '@sms-gateway/domain/suppression'
import type { Db } from './connect.ts'
import { prepared } from './prepared.ts'
import type { Vault } from './vault.ts'

/** As {@link selectPermissions} selects them, with the message's own exemption where there is a message. */
export interface PermissionRow {
  opt_outs: PermissionKind[]
  marketing_consent: boolean | null
  exempt_from_opt_out?: boolean
}

/**
 * The columns `opt_outs` and `marketing_consent` of whom a row with `recipient_hash` and `channel` is for. A consent to
 * all covers marketing, so what was said last of either counts; of two at one time, the refusal.
 */
export function selectPermissions(table: string): RawBuilder<unknown> {
  const hash = sql.ref(`${table}.recipient_hash`)
  const channel = sql.ref(`${table}.channel`)
  return sql`
    array(select o.kind from opt_out o where o.recipient_hash = ${hash} and o.channel = ${channel}) as opt_outs,
    (select c.granted from consent c where c.recipient_hash = ${hash} and c.channel = ${channel}
      order by c.at desc, c.granted limit 1) as marketing_consent`
}

export function toPermissions({
  opt_outs: optOuts,
  marketing_consent: marketingConsent,
  exempt_from_opt_out: exemptFromOptOut = false,
}: PermissionRow): Permissions {
  return { optOuts, marketingConsent, exemptFromOptOut }
}

/** In the order of the numbers. */
export async function findPermissions(
  db: Db,
  vault: Vault,
  { phones, channel }: { phones: readonly Phone[]; channel: string },
): Promise<Permissions[]> {
  const hashes = phones.map((phone) => vault.hash(phone))
  const { rows } = await sql<
    PermissionRow & { recipient_hash: Buffer }
  >`${prepared('find-permissions')}
    select r.recipient_hash, ${selectPermissions('r')}
    from (select recipient_hash, ${channel}::text as channel from unnest(${hashes}::bytea[]) u(recipient_hash)) r`.execute(
    db,
  )
  const known = new Map(
    rows.map((row) => [row.recipient_hash.toString('hex'), toPermissions(row)] as const),
  )
  return hashes.map((hash) => known.get(hash.toString('hex')) ?? NOTHING_RECORDED)
}
