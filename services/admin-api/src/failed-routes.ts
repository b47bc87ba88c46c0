import { Router } from 'express'
import { FailedQuery, type FailedResponse } from '@sms-gateway/contracts/failed'
import type { Db } from '@sms-gateway/db/connect'
import { type FailedGroup, groupFailed } from '@sms-gateway/db/group-failed'
import { spanOfDays, type TimeSpan } from '@sms-gateway/domain/local-days'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { parseRequest } from '@sms-gateway/service-kit/problem'

export interface FailedDeps {
  db: Db
  authenticate: Authenticate
  /** `SMS_TIMEZONE`: whose days the dates are. */
  timeZone: string
}

const FAILED = '/api/v1/sms/failed'

export function failedRoutes({ db, authenticate, timeZone }: FailedDeps): Router {
  const mayRead = requireScope(authenticate, 'read', 'operate')
  return Router().get(FAILED, mayRead, async (req, res) => {
    const query = parseRequest(FailedQuery, req.query)
    const filter = { clientId: ownerOf(clientOf(res)), span: toSpan(query, timeZone) }
    const { groups, hasMore } = await groupFailed(db, filter, query.group_by)
    const answer: FailedResponse = {
      data: groups.map((group) => toGroup(group, query.group_by)),
      has_more: hasMore,
    }
    res.json(answer)
  })
}

function toSpan(
  { start_date: start, end_date: end }: FailedQuery,
  timeZone: string,
): Partial<TimeSpan> {
  return {
    ...(start !== undefined && { from: spanOfDays(start, start, timeZone).from }),
    ...(end !== undefined && { before: spanOfDays(end, end, timeZone).before }),
  }
}

function toGroup(
  { errorCode, provider, messageType, count, errorDetail, oldestAt, newestAt, ids }: FailedGroup,
  columns: FailedQuery['group_by'],
): FailedResponse['data'][number] {
  return {
    ...(columns.includes('error_code') && { error_code: errorCode }),
    ...(columns.includes('provider') && { provider }),
    ...(columns.includes('message_type') && { message_type: messageType }),
    count,
    error_detail: errorDetail,
    oldest_at: oldestAt.toISOString(),
    newest_at: newestAt.toISOString(),
    sample_ids: ids,
  }
}
