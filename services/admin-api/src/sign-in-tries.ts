import type { Request } from 'express'
import type { Sessions } from '@sms-gateway/access/sessions'
import { HttpProblem } from '@sms-gateway/service-kit/problem'

/** Of the tries of the request's address this is one; throws where none is left. `what` they were is told. */
export async function takeTry(sessions: Sessions, req: Request, what: string): Promise<void> {
  const { waitMs } = await sessions.takeTry(addressOf(req))
  if (waitMs === undefined) return
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)))
  throw new HttpProblem(
    'too-many-requests',
    `Too many ${what} from this address: come again in ${seconds} s.`,
    { headers: { 'retry-after': seconds } },
  )
}

/** Whose tries are counted together. */
export function addressOf(req: Request): string {
  return req.ip ?? ''
}
