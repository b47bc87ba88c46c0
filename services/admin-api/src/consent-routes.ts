import { type Request, type Response, Router } from 'express'
import {
  CONSENT_COLUMNS,
  ConsentRequest,
  type ConsentsResponse,
} from '@sms-gateway/contracts/consents'
import { recordConsent } from '@sms-gateway/db/consents'
import { listConsents, listPermissionEvents } from '@sms-gateway/db/list-consents'
import { findPermissions } from '@sms-gateway/db/permissions'
import { NOTHING_RECORDED } from '@sms-gateway/domain/suppression'
import { clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { recordAudit } from '@sms-gateway/service-kit/audit-trail'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import { consentImport, toConsentCells } from './consent-csv.ts'
import { sendCsv } from './csv-export.ts'
import { importCsv } from './csv-import.ts'
import type { PermissionDeps } from './opt-out-routes.ts'
import { toConsentResponse, toHistoryEntry } from './permission-answers.ts'
import { phoneOf, recipientOf } from './phone-path.ts'
import { readIdCursor } from './position-cursor.ts'

const CONSENTS = '/api/v1/sms/consents'
const CONSENT = `${CONSENTS}/:phone`
/** Kinds by channels: a person has no more. */
const MAX_STANDING = 100

export function consentRoutes(deps: PermissionDeps): Router {
  const { db, vault, audited, auditTrail } = deps
  const may = requireScope(deps.authenticate, 'operate', 'privacy')
  return Router()
    .get(`${CONSENTS}/export`, may, async (_req, res) => {
      await recordAudit(auditTrail, res, { action: 'consent.export', subject: null })
      await sendCsv(res, {
        name: 'consents.csv',
        columns: CONSENT_COLUMNS,
        list: (before, limit) => listConsents(db, vault, { before, limit }),
        toCells: toConsentCells,
      })
    })
    .post(`${CONSENTS}/import`, may, audited('consent.import'), async (req, res) => {
      res.json(await importCsv(req, consentImport(deps, clientOf(res).keyId)))
    })
    .get(CONSENT, may, audited('consent.read', recipientOf), async (req, res) => {
      const phone = phoneOf(req)
      const { limit, cursor } = readPage(req.query)
      const before = readIdCursor(cursor)
      const [[permissions = NOTHING_RECORDED], standing, found] = await Promise.all([
        findPermissions(db, vault, { phones: [phone], channel: 'sms' }),
        listConsents(db, vault, { phone, limit: MAX_STANDING }),
        listPermissionEvents(db, vault, { phone, before, limit: limit + 1 }),
      ])
      const page = found.slice(0, limit)
      const answer: ConsentsResponse = {
        phone,
        marketing_consent: permissions.marketingConsent,
        opt_outs: [...permissions.optOuts],
        consents: standing.map(toConsentResponse),
        data: page.map(toHistoryEntry),
        next_cursor: found.length > limit ? (page.at(-1)?.id ?? null) : null,
      }
      res.json(answer)
    })
    .put(CONSENT, may, audited('consent.record', recipientOf), jsonBody(), (req, res) =>
      record(deps, req, res),
    )
}

async function record(
  { db, vault, now }: PermissionDeps,
  req: Request,
  res: Response,
): Promise<void> {
  const phone = phoneOf(req)
  const {
    wording_version: wordingVersion,
    proof = null,
    ...said
  } = parseRequest(ConsentRequest, req.body)
  const { keyId: actor } = clientOf(res)
  await recordConsent(db, vault, { phone, ...said, wordingVersion, proof, actor }, now())
  const standing = await listConsents(db, vault, { phone, limit: MAX_STANDING })
  const stands = standing.find(
    ({ kind, channel }) => kind === said.kind && channel === said.channel,
  )
  if (!stands) throw new Error('a consent that was recorded does not stand')
  res.json(toConsentResponse(stands))
}
