import type { Db } from './connect.ts'

export async function findKeywordAnswer(
  db: Db,
  clientId: string,
  word: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('keyword_answer')
    .select('content')
    .where('client_id', '=', clientId)
    .where('word', '=', word)
    .executeTakeFirst()
  return row?.content
}
