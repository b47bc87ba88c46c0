import { CAMPAIGN_ACTIONS } from '@sms-gateway/domain/campaign-status'
import { CampaignRequest, ScheduleRequest, TestSendRequest } from './campaign-request.ts'
import { CampaignResponse, CampaignsResponse, EstimateResponse } from './campaigns.ts'
import { campaignUploadSchema, createCampaignOperation } from './openapi-create-campaign.ts'
import {
  IDEMPOTENCY_KEY,
  json,
  PAGE,
  pathParameter,
  problems,
  schemaOf,
  withoutScope,
} from './openapi-parts.ts'

const MAY_SEND = withoutScope('send')
const MAY_READ = withoutScope('read')
const NOT_FOUND = { 404: 'No such campaign' }
const ID = pathParameter('id')

/** The paths under `/sms/campaigns`. */
export function campaignPaths() {
  return {
    '/sms/campaigns': { get: listOperation(), post: createCampaignOperation() },
    '/sms/campaigns/{id}': { get: findOperation() },
    '/sms/campaigns/{id}/estimate': { get: estimateOperation() },
    '/sms/campaigns/{id}/schedule': { put: scheduleOperation() },
    '/sms/campaigns/{id}/test-send': { post: testSendOperation() },
    '/sms/campaigns/{id}/{action}': { post: actOperation() },
  }
}

/** The schemas that they name. */
export function campaignSchemas() {
  return {
    CampaignRequest: schemaOf(CampaignRequest, 'input'),
    CampaignUpload: campaignUploadSchema(),
    Campaign: schemaOf(CampaignResponse, 'output'),
    Campaigns: schemaOf(CampaignsResponse, 'output'),
    CampaignSchedule: schemaOf(ScheduleRequest, 'input'),
    CampaignTest: schemaOf(TestSendRequest, 'input'),
    Estimate: schemaOf(EstimateResponse, 'output'),
  }
}

function listOperation() {
  return {
    operationId: 'listCampaigns',
    summary: 'Campaigns, newest first',
    parameters: PAGE,
    responses: {
      200: { description: 'A page', content: json('Campaigns') },
      ...problems({ 400: 'Not a page', ...MAY_READ }),
    },
  }
}

function findOperation() {
  return {
    operationId: 'getCampaign',
    summary: 'A campaign with its counts and progress',
    parameters: [ID],
    responses: {
      200: { description: 'The campaign', content: json('Campaign') },
      ...problems({ ...MAY_READ, ...NOT_FOUND }),
    },
  }
}

function actOperation() {
  return {
    operationId: 'actOnCampaign',
    summary: 'Start, pause, resume or cancel a campaign; a second click changes nothing',
    parameters: [ID, pathParameter('action', CAMPAIGN_ACTIONS)],
    responses: {
      200: { description: 'The campaign', content: json('Campaign') },
      ...problems({ ...MAY_SEND, 404: 'No such campaign, or no such action', 409: 'Not as it is' }),
    },
  }
}

function estimateOperation() {
  return {
    operationId: 'estimateCampaign',
    summary: 'What a campaign would cost and how long it would take, as things are',
    parameters: [ID],
    responses: {
      200: { description: 'The estimate', content: json('Estimate') },
      ...problems({ ...MAY_READ, ...NOT_FOUND }),
    },
  }
}

function scheduleOperation() {
  return {
    operationId: 'scheduleCampaign',
    summary: 'Another time for a campaign that is not under way',
    parameters: [ID],
    requestBody: { required: true, content: json('CampaignSchedule') },
    responses: {
      200: { description: 'The campaign', content: json('Campaign') },
      ...problems({
        400: 'Not the schema',
        ...MAY_SEND,
        ...NOT_FOUND,
        409: 'It is under way, or at its end',
        422: 'No such time',
      }),
    },
  }
}

function testSendOperation() {
  return {
    operationId: 'testCampaign',
    summary:
      'The text of a campaign to one number, with the values of its first recipient or others',
    description: 'A message of its own: it does not count for the campaign.',
    parameters: [ID, IDEMPOTENCY_KEY],
    requestBody: { required: true, content: json('CampaignTest') },
    responses: {
      202: { description: 'Committed', content: json('Message') },
      ...problems({
        400: 'Not the schema',
        ...MAY_SEND,
        ...NOT_FOUND,
        409: 'The idempotency key was used with another body, or its first request is not finished',
        422: 'Well-formed but impossible',
        503: 'Not now: see Retry-After',
      }),
    },
  }
}
