import { sql } from 'kysely'
import type { Db } from './connect.ts'

export interface KeywordAnswer {
  /** As `cleanWord` leaves it. */
  word: string
  content: string
  updatedAt: Date
}

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

/** By word. `after` is the last word of the page before. */
export async function listKeywordAnswers(
  db: Db,
  clientId: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<KeywordAnswer[]> {
  const rows = await db
    .selectFrom('keyword_answer')
    .select(['word', 'content', 'updated_at'])
    .where('client_id', '=', clientId)
    .$if(after !== undefined, (query) => query.where('word', '>', after ?? ''))
    .orderBy('word')
    .limit(limit)
    .execute()
  return rows.map(({ word, content, updated_at: updatedAt }) => ({ word, content, updatedAt }))
}

export async function setKeywordAnswer(
  db: Db,
  clientId: string,
  { word, content }: { word: string; content: string },
): Promise<KeywordAnswer> {
  const { updated_at: updatedAt } = await db
    .insertInto('keyword_answer')
    .values({ client_id: clientId, word, content })
    .onConflict((oc) =>
      oc.columns(['client_id', 'word']).doUpdateSet({ content, updated_at: sql`now()` }),
    )
    .returning('updated_at')
    .executeTakeFirstOrThrow()
  return { word, content, updatedAt }
}

/** False when there was none. */
export async function deleteKeywordAnswer(
  db: Db,
  clientId: string,
  word: string,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('keyword_answer')
    .where('client_id', '=', clientId)
    .where('word', '=', word)
    .executeTakeFirst()
  return numDeletedRows === 1n
}
