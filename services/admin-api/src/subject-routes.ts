import { type Request, Router } from 'express'
import { advanceErasure } from '@sms-gateway/db/advance-erasure'
import { type Erasure, requestErasure } from '@sms-gateway/db/erasures'
import { parsePhone, Phone } from '@sms-gateway/domain/phone'
import { type Authenticate, requireScope } from '@sms-gateway/service-kit/api-auth'
import { type AuditTrail, recordAudit } from '@sms-gateway/service-kit/audit-trail'
import { type Audited, tellSubject } from '@sms-gateway/service-kit/audited'
import { HttpProblem } from '@sms-gateway/service-kit/problem'
import { type ExportDeps, exportSubject } from './export-subject.ts'
import { toErasureResponse } from './subject-answers.ts'

export interface SubjectDeps extends ExportDeps {
  authenticate: Authenticate
  audited: Audited
  auditTrail: AuditTrail
}

const SUBJECT = '/api/v1/sms/subjects/:phone'
/** How much is blanked while somebody waits for the answer; the rest is the scheduler's. */
const BATCHES = 10
const BATCH_SIZE = 500

/** A person is nobody's alone: this scope sees all clients' data, and erases it. */
export function subjectRoutes(deps: SubjectDeps): Router {
  const mayAct = requireScope(deps.authenticate, 'privacy')
  return Router()
    .get(SUBJECT, mayAct, async (req, res) => {
      const phone = readPhone(req)
      const subject = { kind: 'recipient' as const, phone }
      await recordAudit(deps.auditTrail, res, { action: 'subject.export', subject })
      await exportSubject(deps, phone, res)
    })
    .delete(SUBJECT, mayAct, deps.audited('subject.erase'), async (req, res) => {
      const phone = readPhone(req)
      tellSubject(res, { kind: 'recipient', phone })
      const erasure = await erase(deps, phone)
      res.status(erasure.erasedAt ? 200 : 202).json(toErasureResponse(erasure))
    })
}

async function erase({ db, vault, now }: SubjectDeps, phone: Phone): Promise<Erasure> {
  let erasure = await requestErasure(db, vault.hash(phone), now())
  for (let batch = 0; batch < BATCHES && !erasure.erasedAt; batch++) {
    erasure = await advanceErasure(db, erasure, { now: now(), limit: BATCH_SIZE })
  }
  return erasure
}

/** Of any country: it was written to before the country was switched off, say. */
function readPhone({ params }: Request): Phone {
  const text = String(params['phone'])
  const parsed = parsePhone(text, ['TW'])
  if (parsed.kind === 'ok') return parsed.phone
  const phone = Phone.safeParse(text)
  if (phone.success) return phone.data
  throw new HttpProblem(
    'phone-invalid',
    'This is not a number: give it in E.164, + written as %2B.',
  )
}
