import { HttpProblem } from '@sms-gateway/service-kit/problem'

/** A page's cursor that is a position in a table. */
export function readPosition(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  if (/^[1-9][0-9]{0,14}$/.test(cursor)) return Number(cursor)
  throw refuseCursor()
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A page's cursor that is an id of ours. */
export function readIdCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || UUID.test(cursor)) return cursor
  throw refuseCursor()
}

function refuseCursor(): HttpProblem {
  const errors = [{ path: 'cursor', message: 'use the next_cursor of a page' }]
  return new HttpProblem('invalid-request', 'The request is not valid: see errors.', {
    extra: { errors },
  })
}
