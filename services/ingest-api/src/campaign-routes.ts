import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { AcceptDeps } from '@sms-gateway/acceptance/accept-message'
import { ScheduleRequest } from '@sms-gateway/contracts/campaign-request'
import { type Acted, moveCampaign } from '@sms-gateway/db/campaign-actions'
import { countCampaignMessages } from '@sms-gateway/db/campaign-counts'
import { findCampaign, listCampaigns } from '@sms-gateway/db/campaigns'
import { rescheduleCampaign } from '@sms-gateway/db/reschedule-campaign'
import type { Campaign } from '@sms-gateway/domain/campaign'
import { CAMPAIGN_ACTIONS } from '@sms-gateway/domain/campaign-status'
import { CampaignId } from '@sms-gateway/domain/ids'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireEveryScope,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { type Audited, subjectFromPath } from '@sms-gateway/service-kit/audited'
import { jsonBody } from '@sms-gateway/service-kit/json-body'
import { readPage } from '@sms-gateway/service-kit/page'
import { HttpProblem, parseRequest } from '@sms-gateway/service-kit/problem'
import { requireSending } from './answers.ts'
import { toCampaignResponse, toCampaignsResponse } from './campaigns/campaign-answers.ts'
import { createCampaignIntake, type IntakeDeps, isUpload } from './campaigns/campaign-intake.ts'
import { estimateCampaign, type EstimateDeps } from './campaigns/estimate-campaign.ts'
import { readTiming } from './campaigns/plan-campaign.ts'
import { listRejectedRows, sendRejects } from './campaigns/send-rejects.ts'
import { testCampaign } from './campaigns/test-campaign.ts'

export interface CampaignRouteDeps extends AcceptDeps, EstimateDeps, IntakeDeps {
  authenticate: Authenticate
  audited: Audited
  sendingEnabled: boolean
}

const CAMPAIGNS = '/api/v1/sms/campaigns'
const CAMPAIGN = `${CAMPAIGNS}/:id`
/** 10,000 recipients with some 800 bytes each. */
const BODY_LIMIT_BYTES = 8 * 1024 * 1024

export function campaignRoutes(deps: CampaignRouteDeps): Router {
  const { db, vault, authenticate } = deps
  const maySend = requireScope(authenticate, 'send')
  const mayRead = requireScope(authenticate, 'read')
  const mayTest = requireEveryScope(authenticate, 'read', 'send')
  const audited = (what: string) => deps.audited(`campaign.${what}`, subjectFromPath('campaign'))

  const takeIn = createCampaignIntake(deps)
  const readJson = jsonBody({ limitBytes: BODY_LIMIT_BYTES })

  return Router()
    .post(
      CAMPAIGNS,
      maySend,
      deps.audited('campaign.create'),
      (req, res, next) => (isUpload(req) ? next() : readJson(req, res, next)),
      takeIn,
    )
    .get(CAMPAIGNS, mayRead, async (req, res) => {
      const { limit, cursor } = readPage(req.query)
      const before = cursor === undefined ? undefined : CampaignId.safeParse(cursor).data
      const page = { clientId: ownerOf(clientOf(res)), before, limit: limit + 1 }
      res.json(toCampaignsResponse(await listCampaigns(db, vault, page), limit))
    })
    .get(CAMPAIGN, mayRead, async (req, res) => {
      await answer(deps, res, await getCampaign(deps, req, res))
    })
    .get(`${CAMPAIGN}/rejects`, mayRead, async (req, res) => {
      const { id } = await getCampaign(deps, req, res)
      await sendRejects(db, id, res)
    })
    .get(`${CAMPAIGN}/rejected-rows`, mayRead, async (req, res) => {
      const { id } = await getCampaign(deps, req, res)
      res.json(await listRejectedRows(db, id, req.query))
    })
    .get(`${CAMPAIGN}/estimate`, mayRead, async (req, res) => {
      res.json(await estimateCampaign(deps, await getCampaign(deps, req, res)))
    })
    .put(`${CAMPAIGN}/schedule`, maySend, audited('schedule'), jsonBody(), (req, res) =>
      reschedule(deps, req, res),
    )
    .post(`${CAMPAIGN}/test-send`, mayTest, audited('test'), jsonBody(), async (req, res) => {
      requireSending(deps.sendingEnabled)
      await testCampaign(deps, await getCampaign(deps, req, res), req, res)
    })
    .post(`${CAMPAIGN}/:action`, maySend, auditAction(deps.audited), (req, res) =>
      act(deps, req, res),
    )
}

/** Under the name of what is done; an action that there is not is refused behind it. */
function auditAction(audited: Audited): RequestHandler {
  const subjectOf = subjectFromPath('campaign')
  const audits = new Map(
    CAMPAIGN_ACTIONS.map((action) => [action, audited(`campaign.${action}`, subjectOf)] as const),
  )
  return (req, res, next) => {
    const action = CAMPAIGN_ACTIONS.find((each) => each === req.params['action'])
    const audit = action && audits.get(action)
    if (audit) audit(req, res, next)
    else next()
  }
}

async function getCampaign(
  { db, vault }: CampaignRouteDeps,
  req: Request,
  res: Response,
): Promise<Campaign> {
  const id = CampaignId.safeParse(String(req.params['id']).toLowerCase())
  const campaign = id.success
    ? await findCampaign(db, vault, id.data, ownerOf(clientOf(res)))
    : undefined
  if (!campaign) throw new HttpProblem('campaign-not-found', 'There is no such campaign.')
  return campaign
}

async function act(deps: CampaignRouteDeps, req: Request, res: Response): Promise<void> {
  const action = CAMPAIGN_ACTIONS.find((each) => each === req.params['action'])
  if (!action) throw new HttpProblem('route-not-found', 'A campaign knows no such action.')
  const { id } = await getCampaign(deps, req, res)
  const acted = await moveCampaign(deps.db, deps.vault, { id, action, now: deps.now() })
  await answerActed(deps, res, acted)
}

async function reschedule(deps: CampaignRouteDeps, req: Request, res: Response): Promise<void> {
  const request = parseRequest(ScheduleRequest, req.body)
  const { id, timeZone } = await getCampaign(deps, req, res)
  const timing = readTiming(request, timeZone, deps.now())
  if (timing.kind === 'refused') throw new HttpProblem(timing.code, timing.detail)
  const schedule = { ...timing, missedAfterSeconds: request.missed_after_seconds }
  const acted = await rescheduleCampaign(deps.db, deps.vault, { id, schedule, now: deps.now() })
  await answerActed(deps, res, acted)
}

async function answerActed(
  deps: CampaignRouteDeps,
  res: Response,
  acted: Acted | undefined,
): Promise<void> {
  if (!acted) throw new HttpProblem('campaign-not-found', 'There is no such campaign.')
  if (acted.kind === 'refused') {
    throw new HttpProblem('campaign-state', `The campaign is ${acted.status}: not from there.`)
  }
  await answer(deps, res, acted.campaign)
}

async function answer({ db }: CampaignRouteDeps, res: Response, campaign: Campaign): Promise<void> {
  res.json(toCampaignResponse(campaign, await countCampaignMessages(db, campaign)))
}
