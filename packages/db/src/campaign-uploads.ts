import { sql } from 'kysely'
import type { Db } from './connect.ts'
import type { Vault } from './vault.ts'

export interface UploadPart {
  uploadId: string
  part: number
}

/** A piece of a file that is being uploaded: sealed, and gone once its rows are on a ledger. */
export async function storeUploadPart(
  db: Db,
  vault: Vault,
  { uploadId, part, bytes }: UploadPart & { bytes: Buffer },
): Promise<void> {
  const sealed = vault.seal(bytes.toString('base64'), toContext({ uploadId, part }))
  await db.insertInto('campaign_upload').values({ campaign_id: uploadId, part, sealed }).execute()
}

export async function readUploadPart(
  db: Db,
  vault: Vault,
  { uploadId, part }: UploadPart,
): Promise<Buffer> {
  const { sealed } = await db
    .selectFrom('campaign_upload')
    .select('sealed')
    .where('campaign_id', '=', uploadId)
    .where('part', '=', part)
    .executeTakeFirstOrThrow()
  return Buffer.from(vault.open(sealed, toContext({ uploadId, part })), 'base64')
}

export async function dropUpload(db: Db, uploadId: string): Promise<void> {
  await db.deleteFrom('campaign_upload').where('campaign_id', '=', uploadId).execute()
}

/** What processes have left that died in the middle of an upload. */
export async function dropOldUploads(db: Db, before: Date): Promise<void> {
  await sql`delete from campaign_upload where stored_at < ${before}`.execute(db)
}

function toContext({ uploadId, part }: UploadPart): string {
  return `upload ${uploadId} ${part}`
}
