import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { listCampaignRejects } from '@sms-gateway/db/campaign-rejects'
import type { Db } from '@sms-gateway/db/connect'

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
