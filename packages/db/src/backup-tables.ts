import type pg from 'pg'
import type { TableColumns } from './backup-files.ts'
import { NEWEST_FILES } from './backup-manifest.ts'

/** Of the migrator; of the processes that lived then; who was signed in; and whether the gateway stood still then. */
const LEFT_OUT = ['kysely_migration', 'kysely_migration_lock', 'worker', 'session', 'gateway_state']

/** Every table that is backed up, in an order in which they can be loaded: one that refers to another comes after it. */
export async function listBackupTables(client: pg.Client): Promise<TableColumns[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; needs: string[] }>(
    `select c.relname as name,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select k.confrelid::regclass::text from pg_constraint k
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and c.relpersistence = 'p'
      and not c.relispartition and c.relname <> all($1)
    order by c.relname`,
    [[...LEFT_OUT, ...Object.keys(NEWEST_FILES)]],
  )
  const ordered: TableColumns[] = []
  let left = rows
  while (left.length > 0) {
    const ready = left.filter(
      ({ needs }) => !needs.some((need) => left.some((t) => t.name === need)),
    )
    if (ready.length === 0) throw new Error('tables refer to each other in a circle')
    ordered.push(...ready.map(({ name, columns }) => ({ name, columns })))
    left = left.filter((table) => !ready.includes(table))
  }
  return ordered
}

/** Named, since the newest files are read by restores of older back-ups too. */
export const NEWEST_TABLES = [
  {
    name: 'erasure',
    columns: ['id', 'recipient_hash', 'key_id', 'requested_at', 'messages', 'cancelled', 'inbound'],
    file: NEWEST_FILES.erasure,
  },
  {
    name: 'subject_key',
    columns: ['recipient_hash', 'key_id', 'key_cipher', 'created_at'],
    file: NEWEST_FILES.subject_key,
  },
] as const
