import { z } from 'zod'
import { CAMPAIGN_ACTIONS } from '@sms-gateway/domain/campaign-status'
import {
  CampaignForm,
  CampaignRequest,
  CampaignResponse,
  CampaignsResponse,
  EstimateResponse,
  RejectedRowsResponse,
  ScheduleRequest,
  TestSendRequest,
} from './campaigns.ts'
import {
  IDEMPOTENCY_KEY,
  json,
  PAGE,
  pathParameter,
  problems,
  reference,
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
    '/sms/campaigns': { get: listOperation(), post: createOperation() },
    '/sms/campaigns/{id}': { get: findOperation() },
    '/sms/campaigns/{id}/rejects': { get: rejectsOperation() },
    '/sms/campaigns/{id}/rejected-rows': { get: rejectedRowsOperation() },
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
    RejectedRows: schemaOf(RejectedRowsResponse, 'output'),
  }
}

/** An upload as its form has it: a schema of JSON knows no file. */
function campaignUploadSchema(): Record<string, unknown> {
  const { $schema: _dialect, ...form } = z.toJSONSchema(CampaignForm, { io: 'input' })
  const file = {
    type: 'string',
    format: 'binary',
    description:
      'CSV in UTF-8, UTF-16 or Big5, with a header: phone, customer_id, and a column for each value of the template',
  }
  return {
    ...form,
    properties: { file, ...form.properties },
    required: ['file', ...(form.required ?? [])],
  }
}

function createOperation() {
  return {
    operationId: 'createCampaign',
    summary: 'A campaign, from JSON or from an uploaded CSV of up to 1,000,000 rows',
    description:
      'Its parts may come in any order. The answer comes when the whole file is committed; it starts at once unless draft is true or a time is given.',
    parameters: [IDEMPOTENCY_KEY],
    requestBody: {
      required: true,
      content: {
        ...json('CampaignRequest'),
        'multipart/form-data': { schema: reference('CampaignUpload') },
      },
    },
    responses: {
      202: { description: 'Committed', content: json('Campaign') },
      ...problems({
        400: 'Not the schema, or a form that cannot be read',
        ...MAY_SEND,
        408: 'The upload was silent for 30 s, or took over 30 minutes',
        409: 'The idempotency key was used with another body, or its first request is not finished',
        413: 'JSON over 8 MiB, or a file over 256 MiB',
        415: 'Neither application/json nor multipart/form-data',
        422: 'Well-formed but impossible',
        429: 'The API client has two uploads under way, or made too many requests',
        503: 'Not now: see Retry-After',
      }),
    },
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

function rejectsOperation() {
  return {
    operationId: 'listCampaignRejects',
    summary: 'Rows that were not taken, with the reason',
    parameters: [ID],
    responses: {
      200: {
        description: 'row, code, detail',
        content: { 'text/csv': { schema: { type: 'string' } } },
      },
      ...problems({ ...MAY_READ, ...NOT_FOUND }),
    },
  }
}

function rejectedRowsOperation() {
  return {
    operationId: 'listCampaignRejectedRows',
    summary: 'Rows that were not taken, by row, a page at a time',
    parameters: [ID, ...PAGE],
    responses: {
      200: { description: 'A page', content: json('RejectedRows') },
      ...problems({ 400: 'Not a page', ...MAY_READ, ...NOT_FOUND }),
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
