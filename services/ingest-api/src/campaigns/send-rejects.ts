import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { z } from 'zod'
import type { RejectedRowsResponse } from '@sms-gateway/contracts/campaigns'
import { listCampaignRejects } from '@sms-gateway/db/campaign-rejects'
import type { Db } from '@sms-gateway/db/connect'
import { readPage } from '@sms-gateway/service-kit/page'
import { parseRequest } from '@sms-gateway/service-kit/problem'

const PAGE = 1_000

/** As a CSV, page by page: there may be a million. No number is in it: the row says whose it is. */
export async function sendRejects(db: Db, campaignId: string, res: Response): Promise<void> {
  res.type('text/csv').set({
    'content-disposition': `attachment; filename="rejects-${campaignId}.csv"`,
  })
  await pipeline(Readable.from(writeRejects(db, campaignId)), res)
}

async function* writeRejects(db: Db, campaignId: string): AsyncGenerator<string> {
  yield 'row,code,detail\r\n'
  for (let after = -1; ;) {
    const rejects = await listCampaignRejects(db, campaignId, { after, limit: PAGE })
    yield rejects.map(({ row, code, detail }) => `${row},${code},${quote(detail)}\r\n`).join('')
    const last = rejects.at(-1)
    if (!last || rejects.length < PAGE) return
    after = last.row
  }
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

const RowPage = z.object({
  cursor: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional(),
})

/** The same, page by page, for who looks at them. */
export async function listRejectedRows(
  db: Db,
  campaignId: string,
  query: unknown,
): Promise<RejectedRowsResponse> {
  const { limit } = readPage(query)
  const { cursor: after = -1 } = parseRequest(RowPage, query)
  const rejects = await listCampaignRejects(db, campaignId, { after, limit: limit + 1 })
  const data = rejects.slice(0, limit)
  const last = rejects.length > limit ? data.at(-1) : undefined
  return { data, next_cursor: last ? String(last.row) : null }
}
