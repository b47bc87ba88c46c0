import { Router } from 'express'
import {
  LiftOptOutQuery,
  OPT_OUT_COLUMNS,
  OptOutRequest,
  OptOutsQuery,
  type OptOutsResponse,
} from '@sms-gateway/contracts/opt-outs'
import type { Db } from '@sms-gateway/db/connect'
import { findOptOut, listOptOuts } from '@sms-gateway/db/list-opt-outs'
import { addOptOut, removeOptOut } from '@sms-gateway/db/opt-outs'
import type { Vault } from '@sms-gateway/db/vault'
import { type Authenticate, clientOf, requireScope } from '@sms-gateway/service-kit/api-auth'
import { type AuditTrail, recordAudit } from '@sms-gateway/service-kit/audit-trail'
import type { Audited } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { sendCsv } from './csv-export.ts'
import { importCsv } from './csv-import.ts'
import { optOutImport, toOptOutCells } from './opt-out-csv.ts'
import { toOptOutResponse } from './permission-answers.ts'
import { phoneOf, recipientOf } from './phone-path.ts'
import { readPosition } from './position-cursor.ts'

export interface PermissionDeps {
  db: Db
  vault: Vault
  authenticate: Authenticate
  audited: Audited
  auditTrail: AuditTrail
  now: () => Date
}

const OPT_OUTS = '/api/v1/sms/opt-outs'
const OPT_OUT = `${OPT_OUTS}/:phone`

/** The list is everybody's: whoever refuses is sent nothing by any client. */
export function optOutRoutes(deps: PermissionDeps): Router {
  const { db, vault, audited, auditTrail, now } = deps
  const may = requireScope(deps.authenticate, 'operate', 'privacy')
  return Router()
    .get(OPT_OUTS, may, audited('opt-out.list'), async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const query = parseRequest(OptOutsQuery, req.query)
      const before = readPosition(cursor)
      const found = await listOptOuts(db, vault, { ...query, before, limit: limit + 1 })
      const page = found.slice(0, limit)
      const last = page.at(-1)
      const answer: OptOutsResponse = {
        data: page.map(toOptOutResponse),
        next_cursor: last && found.length > limit ? String(last.position) : null,
      }
      res.json(answer)
    })
    .get(`${OPT_OUTS}/export`, may, async (_req, res) => {
      await recordAudit(auditTrail, res, { action: 'opt-out.export', subject: null })
      await sendCsv(res, {
        name: 'opt-outs.csv',
        columns: OPT_OUT_COLUMNS,
        list: (before, limit) => listOptOuts(db, vault, { before, limit }),
        toCells: toOptOutCells,
      })
    })
    .post(`${OPT_OUTS}/import`, may, audited('opt-out.import'), async (req, res) => {
      res.json(await importCsv(req, optOutImport(deps, clientOf(res).keyId)))
    })
    .put(OPT_OUT, may, audited('opt-out.add', recipientOf), jsonBody(), async (req, res) => {
      const phone = phoneOf(req)
      const { reason = null, ...key } = parseRequest(OptOutRequest, req.body)
      const by = { source: 'operator', reason, actor: clientOf(res).keyId }
      await addOptOut(db, vault, { phone, ...key, ...by }, now())
      const optOut = await findOptOut(db, vault, { phone, ...key })
      // Somebody may have lifted it in between.
      if (!optOut) throw notOptedOut()
      res.json(toOptOutResponse(optOut))
    })
    .delete(OPT_OUT, may, audited('opt-out.lift', recipientOf), async (req, res) => {
      const phone = phoneOf(req)
      const key = parseRequest(LiftOptOutQuery, req.query)
      const by = { source: 'operator', reason: null, actor: clientOf(res).keyId }
      const lifted = await removeOptOut(db, vault, { phone, ...key, ...by }, { now: now() })
      if (!lifted) throw notOptedOut()
      res.status(204).end()
    })
}

function notOptedOut(): HttpProblem {
  const detail = 'The number is not opted out of this kind on this channel.'
  return new HttpProblem('opt-out-not-found', detail)
}
