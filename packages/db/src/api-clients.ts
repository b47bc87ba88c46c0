import type { Db } from './connect.ts'

export interface ApiClientView {
  id: string
  name: string
  senderName: string | null
  createdAt: Date
}

const COLUMNS = ['id', 'name', 'sender_name as senderName', 'created_at as createdAt'] as const

/** By id. `after` is the last id of the page before. */
export async function listApiClients(
  db: Db,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<ApiClientView[]> {
  let query = db.selectFrom('api_client').select(COLUMNS).orderBy('id').limit(limit)
  if (after !== undefined) query = query.where('id', '>', after)
  return query.execute()
}

/** `undefined` where there is no such client. */
export async function setSenderName(
  db: Db,
  id: string,
  senderName: string | null,
): Promise<ApiClientView | undefined> {
  return db
    .updateTable('api_client')
    .set({ sender_name: senderName })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
}
