import type { PollResult, SendOutcome } from '@sms-gateway/domain/provider'
import { QUERY_CODES, type QueryCode, SUBMIT_CODES } from './chunghwa-codes.ts'
import { findRow, readReplyRows, type ReplyRow } from './chunghwa-reply.ts'
import { toDeliveryReport } from './chunghwa-report.ts'
import type { Exchange } from './http-transport.ts'
import { toUnansweredOutcome, toUnavailable } from './unanswered.ts'

const NOT_IN_TABLE: QueryCode = {
  meaning: 'not in our table, which is out of date',
  state: 'unavailable',
}

const MESSAGE_ID = /^[0-9A-Za-z]{1,32}$/

/** IMSP answers 200 to everything, so any other status comes from something in front of it. */
export function readSubmitReply(exchange: Exchange, to: string): SendOutcome {
  if (exchange.kind !== 'answered') return toUnansweredOutcome(exchange)
  const row = readRow(exchange, to)
  if (row === undefined) {
    return {
      kind: 'in_doubt',
      code: `HTTP_${exchange.status}`,
      detail: 'an answer nobody can read',
    }
  }
  return toSubmitOutcome(row)
}

// The words of the reply are left out: they may name the number or our address.
function toSubmitOutcome({ code, third }: ReplyRow): SendOutcome {
  const entry = SUBMIT_CODES[code]
  if (entry === undefined) {
    const detail = `code ${code} is not in our table: it is out of date`
    return { kind: 'refused', reason: 'submission', code, detail }
  }
  const { class: outcome, meaning: detail } = entry
  switch (outcome) {
    case 'accepted':
      return third !== undefined && MESSAGE_ID.test(third)
        ? { kind: 'accepted', reference: third }
        : { kind: 'in_doubt', code, detail: 'taken, but without a message id' }
    case 'in_doubt':
    case 'throttled':
      return { kind: outcome, code, detail }
    default:
      return { kind: 'refused', reason: outcome, code, detail }
  }
}

export function readQueryReply(exchange: Exchange, reference: string, to: string): PollResult {
  if (exchange.kind !== 'answered') return toUnavailable(exchange)
  const row = readRow(exchange, to)
  return row === undefined
    ? { kind: 'unavailable', detail: `an answer nobody can read, status ${exchange.status}` }
    : toPollResult(row, reference)
}

function toPollResult({ code, third: doneTime }: ReplyRow, reference: string): PollResult {
  const report = toDeliveryReport({ reference, code, doneTime })
  if (report !== undefined) {
    const isFinal = report.status === 'delivered' || report.status === 'undelivered'
    return isFinal ? { kind: 'report', report } : { kind: 'pending' }
  }
  const { meaning: detail, state } = QUERY_CODES[code] ?? NOT_IN_TABLE
  return state === 'lost'
    ? { kind: 'lost', code, detail }
    : { kind: 'unavailable', detail: `code ${code}: ${detail}` }
}

function readRow(exchange: Exchange & { kind: 'answered' }, to: string): ReplyRow | undefined {
  const rows = exchange.status === 200 ? readReplyRows(exchange.body) : undefined
  return rows && findRow(rows, to)
}
