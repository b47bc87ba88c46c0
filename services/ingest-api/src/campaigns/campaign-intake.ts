import type { Request, Response } from 'express'
import { clientOf } from '@sms-gateway/service-kit/api-auth'
import { HttpProblem, unavailable } from '@sms-gateway/service-kit/problem'
import { createSlots } from '@sms-gateway/service-kit/semaphore'
import { type AcceptCampaignDeps, acceptJson, acceptUpload } from './accept-campaign.ts'
import { createUploadGate } from './upload-gate.ts'
import { UPLOAD_LIMITS, type UploadLimits } from './upload-limits.ts'

export interface IntakeDeps extends AcceptCampaignDeps {
  /** Left out: {@link UPLOAD_LIMITS}. */
  uploads?: UploadLimits
}

/** So many ledgers are written at once; what is still on the wire takes no turn. */
const AT_ONCE = 2
/** Of JSON, whose whole body waits in memory. */
const MAX_WAITING = 8
const RETRY_AFTER_SECONDS = 30

/** Takes a campaign in, as JSON or as a file. */
export function createCampaignIntake(
  deps: IntakeDeps,
): (req: Request, res: Response) => Promise<void> {
  const limits = deps.uploads ?? UPLOAD_LIMITS
  const enter = createUploadGate(limits)
  const turns = createSlots(AT_ONCE)
  let waiting = 0

  const takeJson = async (req: Request, res: Response, signal: AbortSignal) => {
    if (waiting >= MAX_WAITING) {
      throw unavailable('overloaded', 'Too many campaigns at once: ask again.', RETRY_AFTER_SECONDS)
    }
    waiting += 1
    const release = await turns.take(signal).finally(() => {
      waiting -= 1
    })
    try {
      await acceptJson(deps, req, res, signal)
    } finally {
      release()
    }
  }
  const takeUpload = async (req: Request, res: Response, signal: AbortSignal) => {
    const leave = enter(clientOf(res).clientId)
    try {
      await acceptUpload(deps, req, res, { limits, signal, takeTurn: () => turns.take(signal) })
    } finally {
      leave()
    }
  }
  return async (req, res) => {
    const signal = hungUp(res)
    await (isUpload(req) ? takeUpload(req, res, signal) : takeJson(req, res, signal))
  }
}

export function isUpload(req: Request): boolean {
  return /^multipart\/form-data/i.test(req.get('content-type') ?? '')
}

/** Aborts when the caller is gone before it has its answer: nobody would learn of what is made. */
function hungUp(res: Response): AbortSignal {
  const controller = new AbortController()
  res.on('close', () => {
    if (!res.writableFinished) {
      controller.abort(new HttpProblem('invalid-request', 'The caller has hung up.'))
    }
  })
  return controller.signal
}
