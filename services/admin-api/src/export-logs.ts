import type { Response } from 'express'
import { shownIn } from '@sms-gateway/access/answer-guard'
import { type LogEntry, toLogEntry } from '@sms-gateway/contracts/logs'
import type { Db } from '@sms-gateway/db/connect'
import { listMessages, type MessageFilter } from '@sms-gateway/db/list-messages'
import type { Vault } from '@sms-gateway/db/vault'
import { toCsvRow } from '@sms-gateway/domain/csv-row'
import type { MessageId } from '@sms-gateway/domain/ids'
import { writePart } from './write-part.ts'

export interface ExportDeps {
  db: Db
  vault: Vault
}

type Cell = string | number | boolean | null

const COLUMNS: readonly (readonly [name: string, cellOf: (entry: LogEntry) => Cell])[] = [
  ['id', ({ id }) => id],
  ['created_at', (entry) => entry.created_at],
  ['status', ({ status }) => status],
  ['phone', ({ phone }) => phone],
  ['message_type', (entry) => entry.message_type],
  ['customer_id', (entry) => entry.customer_id],
  ['template_code', (entry) => entry.template_code],
  ['variant', ({ variant }) => variant],
  ['message', ({ message }) => message],
  ['encoding', ({ encoding }) => encoding],
  ['segments', ({ segments }) => segments],
  ['cost', ({ cost }) => cost.amount],
  ['currency', ({ cost }) => cost.currency],
  ['provider', ({ provider }) => provider],
  ['provider_message_id', (entry) => entry.provider_message_id],
  ['attempts', ({ attempts }) => attempts],
  ['priority', ({ priority }) => priority],
  ['in_doubt', (entry) => entry.in_doubt],
  ['possible_duplicate', (entry) => entry.possible_duplicate],
  ['campaign_id', (entry) => entry.campaign_id],
  ['batch_id', (entry) => entry.batch_id],
  ['error_code', ({ error }) => error?.code ?? null],
  ['error_detail', ({ error }) => error?.detail ?? null],
  ['updated_at', (entry) => entry.updated_at],
]

/** What is in memory at once, of an export of any size. */
const CHUNK_SIZE = 500
/** Without it Excel takes UTF-8 for something else. */
const BYTE_ORDER_MARK = '\ufeff'

/**
 * All messages that match, as CSV, newest first. Between two chunks nothing is held but the id of the last line: no
 * connection, no transaction. A reader that is slower than the database is waited for.
 */
export async function exportLogs(
  { db, vault }: ExportDeps,
  filter: MessageFilter,
  res: Response,
): Promise<void> {
  // Before the first byte: what fails here is still answered as a problem.
  let messages = await listMessages(db, vault, filter, { limit: CHUNK_SIZE })
  res.type('text/csv').attachment('messages.csv')
  await writePart(res, BYTE_ORDER_MARK + toCsvRow(COLUMNS.map(([name]) => name)))
  const shown = shownIn(res)
  for (;;) {
    const lines = messages.map((message) => toLine(shown(toLogEntry(message))))
    await writePart(res, lines.join(''))
    const before: MessageId | undefined = messages.at(-1)?.id
    if (messages.length < CHUNK_SIZE || before === undefined || res.destroyed) break
    messages = await listMessages(db, vault, filter, { limit: CHUNK_SIZE, before })
  }
  res.end()
}

function toLine(entry: LogEntry): string {
  return toCsvRow(COLUMNS.map(([, cellOf]) => cellOf(entry)))
}
