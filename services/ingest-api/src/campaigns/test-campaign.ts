import type { Request, Response } from 'express'
import { type AcceptDeps, acceptMessage } from '@sms-gateway/acceptance/accept-message'
import { TestSendRequest } from '@sms-gateway/contracts/campaign-request'
import { findSampleData } from '@sms-gateway/db/campaign-estimates'
import { findPinnedTemplate } from '@sms-gateway/db/template-in-force'
import type { Campaign } from '@sms-gateway/domain/campaign'
import { clientOf } from '@sms-gateway/service-kit/api-auth'
import { parseRequest } from '@sms-gateway/service-kit/problem'
import { idempotencyKeyOf, sendAccepted } from '../answers.ts'

/** The campaign's text to one number, as a message of its own: it does not count for the campaign. */
export async function testCampaign(
  deps: AcceptDeps,
  { id, content, messageType }: Campaign,
  req: Request,
  res: Response,
): Promise<void> {
  const { db, vault } = deps
  const { phone, data } = parseRequest(TestSendRequest, req.body)
  const shared = { phone, message_type: messageType }
  const request =
    content.kind === 'text'
      ? { ...shared, message: content.text }
      : {
          ...shared,
          template_code: content.templateCode,
          template_data: data ?? (await findSampleData(db, vault, id)),
        }
  const pinned =
    content.kind === 'template'
      ? await findPinnedTemplate(db, content.templateCode, content.templateVersion)
      : undefined
  const result = await acceptMessage(
    { ...deps, templateOf: () => Promise.resolve(pinned) },
    {
      clientId: clientOf(res).clientId,
      path: `/api/v1/sms/campaigns/${id}/test-send`,
      request,
      body: req.body,
      idempotencyKey: idempotencyKeyOf(req),
    },
  )
  sendAccepted(res, result)
}
