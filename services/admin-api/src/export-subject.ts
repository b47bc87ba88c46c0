import type { Response } from 'express'
import { shownIn } from '@sms-gateway/access/answer-guard'
import type { SubjectResponse } from '@sms-gateway/contracts/subjects'
import { nameSubject } from '@sms-gateway/db/audit'
import type { Db } from '@sms-gateway/db/connect'
import { listErasuresOf } from '@sms-gateway/db/erasures'
import { listSubjectCampaigns } from '@sms-gateway/db/export-campaigns'
import { listSubjectInbound, listSubjectMessages } from '@sms-gateway/db/export-subject'
import { listAudit } from '@sms-gateway/db/list-audit'
import { listConsents, listPermissionEvents } from '@sms-gateway/db/list-consents'
import { listOptOuts } from '@sms-gateway/db/list-opt-outs'
import type { Vault } from '@sms-gateway/db/vault'
import type { Phone } from '@sms-gateway/domain/phone'
import {
  toAuditEntry,
  toCampaignEntry,
  toConsentEntry,
  toErasureResponse,
  toHistoryEntry,
  toInboundEntry,
  toMessageEntry,
  toOptOutEntry,
} from './subject-answers.ts'
import { writePart } from './write-part.ts'

export interface ExportDeps {
  db: Db
  vault: Vault
  now: () => Date
}

/** What is in memory at once, of an export of any size. */
const PAGE = 200
/** Of what one person can hardly have more of. */
const FEW = 500

/** All that is held about a person, as one JSON document in pieces. No connection is held between two of them. */
export async function exportSubject(deps: ExportDeps, phone: Phone, res: Response): Promise<void> {
  const { db, vault } = deps
  const recipientHash = vault.hash(phone)
  // Before the first byte: what fails here is still answered as a problem.
  // With the number beside it, so that it is known in the texts too.
  const shown = <T>(entry: T) => shownIn(res)({ phone, entry }).entry
  const head = JSON.stringify(shown(await readHead(deps, phone, recipientHash)))
  res.type('application/json')
  await writePart(res, `${head.slice(0, -1)},"inbound":[`)
  await writeAll(res, async (before) => {
    const page = await listSubjectInbound(db, vault, { recipientHash, before, limit: PAGE })
    return page.map((entry) => ({ id: entry.row.id, json: shown(toInboundEntry(entry)) }))
  })
  await writePart(res, '],"messages":[')
  await writeAll(res, async (before) => {
    const page = await listSubjectMessages(db, vault, { recipientHash, before, limit: PAGE })
    return page.map((entry) => ({ id: entry.message.id, json: shown(toMessageEntry(entry)) }))
  })
  res.end('],"complete":true}')
}

async function readHead(
  { db, vault, now }: ExportDeps,
  phone: Phone,
  hash: Buffer,
): Promise<Omit<SubjectResponse, 'inbound' | 'messages' | 'complete'>> {
  const of = { phone, limit: FEW }
  const subject = nameSubject(vault, { kind: 'recipient', phone }) ?? undefined
  const audit = await listAudit(db, { subject }, { before: undefined, limit: FEW })
  return {
    phone,
    exported_at: now().toISOString(),
    opt_outs: (await listOptOuts(db, vault, of)).map(toOptOutEntry),
    consents: (await listConsents(db, vault, of)).map(toConsentEntry),
    permission_history: (await listPermissionEvents(db, vault, of)).map(toHistoryEntry),
    erasures: (await listErasuresOf(db, hash)).map(toErasureResponse),
    audit: audit.map(toAuditEntry),
    campaigns: (await listSubjectCampaigns(db, vault, hash, FEW)).map(toCampaignEntry),
  }
}

/** Page after page; `before` is the id of the last one of the page before. */
async function writeAll(
  res: Response,
  readPage: (before: string | undefined) => Promise<{ id: string; json: unknown }[]>,
): Promise<void> {
  let before: string | undefined
  do {
    const page = await readPage(before)
    const text = page.map(({ json }) => JSON.stringify(json)).join(',')
    await writePart(res, text !== '' && before !== undefined ? `,${text}` : text)
    before = page.at(-1)?.id
  } while (before !== undefined && !res.destroyed)
}
