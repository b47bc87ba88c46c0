import type { Request } from 'express'
import { type Phone, readPhone } from '@sms-gateway/domain/phone'
import { HttpProblem } from '@sms-gateway/service-kit/problem'

/** Whom a conversation is with: a number of any country, as somebody wrote it. */
export function phoneInPath(req: Request): Phone {
  const { phone: text } = req.params
  const phone = readPhone(typeof text === 'string' ? text : undefined)
  if (phone !== null) return phone
  throw new HttpProblem(
    'phone-invalid',
    'Give the number as in POST /send, such as 0912345678 or %2B886912345678.',
  )
}
