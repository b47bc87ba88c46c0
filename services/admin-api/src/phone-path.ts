import type { Request } from 'express'
import { parsePhone, type Phone } from '@sms-gateway/domain/phone'
import type { SubjectOf } from '@sms-gateway/service-kit/audited'
import { HttpProblem } from '@sms-gateway/service-kit/problem'

/** Of any country: what a person said stands, whether or not we send to theirs today. */
export function phoneOf(req: Request): Phone {
  const parsed = parsePhone(String(req.params['phone']), 'any')
  if (parsed.kind === 'refused') throw new HttpProblem(parsed.code, parsed.detail)
  return parsed.phone
}

/** For the audit: none where the path bears no number. */
export const recipientOf: SubjectOf = (req) => {
  const parsed = parsePhone(String(req.params['phone']), 'any')
  return parsed.kind === 'ok' ? { kind: 'recipient', phone: parsed.phone } : null
}
