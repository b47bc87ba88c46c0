import { RejectedRowsResponse } from './campaigns.ts'
import { json, PAGE, pathParameter, problems, schemaOf, withoutScope } from './openapi-parts.ts'

const MAY_READ = withoutScope('read')
const NOT_FOUND = { 404: 'No such campaign' }
const ID = pathParameter('id')

/** The paths of the rows that a campaign did not take. */
export function campaignRejectPaths() {
  return {
    '/sms/campaigns/{id}/rejects': { get: rejectsOperation() },
    '/sms/campaigns/{id}/rejected-rows': { get: rejectedRowsOperation() },
  }
}

/** The schemas that they name. */
export function campaignRejectSchemas() {
  return { RejectedRows: schemaOf(RejectedRowsResponse, 'output') }
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
