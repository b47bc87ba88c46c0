import { z } from 'zod'
import { CampaignForm } from './campaign-request.ts'
import { IDEMPOTENCY_KEY, json, problems, reference, withoutScope } from './openapi-parts.ts'

/** `POST /campaigns`, which takes JSON or an upload. */
export function createCampaignOperation() {
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
        ...withoutScope('send'),
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

/** An upload as its form has it: a schema of JSON knows no file. */
export function campaignUploadSchema(): Record<string, unknown> {
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
