import type { ConversationResponse } from '@sms-gateway/contracts/conversations'

export type Turn = ConversationResponse['data'][number]

/** Of a conversation, oldest first. */
export const PAGE = 200
/** Ten thousand texts: nobody's. */
const MOST_PAGES = 50

/**
 * All pages up to now. Of what was read before, all but the last page stays: nothing is added there, and what happens
 * to its messages happened long ago.
 */
export async function readTurns(
  known: readonly ConversationResponse[],
  read: (cursor: string | null) => Promise<ConversationResponse>,
): Promise<ConversationResponse[]> {
  const pages = known.slice(0, -1)
  let cursor = pages.at(-1)?.next_cursor ?? null
  do {
    const page = await read(cursor)
    pages.push(page)
    cursor = page.next_cursor
  } while (cursor !== null && pages.length < MOST_PAGES)
  return pages
}
