import { describe, expect, test } from '@jest/globals'
import { createMessageId } from '@sms-gateway/domain/ids'
import { ChunghwaReceiptBody, TwilioReceiptBody } from './delivery.ts'
import { DISPATCH_BATCH_SIZE, DispatchJob } from './dispatch-job.ts'
import { ProblemResponse } from './problem-response.ts'

describe('a job', () => {
  const ids = (count: number) => Array.from({ length: count }, () => createMessageId(new Date()))

  test.each([1, DISPATCH_BATCH_SIZE])('carries %i ids', (count) => {
    expect(DispatchJob.safeParse({ ids: ids(count) }).success).toBe(true)
  })

  test.each<[string, unknown]>([
    ['none', { ids: [] }],
    ['too many', { ids: ids(DISPATCH_BATCH_SIZE + 1) }],
    ['a number among them', { ids: ['+886912345678'] }],
    ['an id of another kind', { ids: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] }],
    ['anything beside them', { ids: ids(1), phone: '+886912345678' }],
    ['nothing', undefined],
  ])('never carries %s', (_what, job) => {
    expect(DispatchJob.safeParse(job).success).toBe(false)
  })
})

describe('a receipt', () => {
  test('of Twilio may say more than we know', () => {
    const body = { MessageSid: 'SM1', MessageStatus: 'delivered', ChannelPrefix: 'x' }
    expect(TwilioReceiptBody.parse(body)).toEqual(body)
    expect(TwilioReceiptBody.safeParse({ MessageSid: 'SM1' }).success).toBe(false)
  })

  test.each([
    [{ messageid: 'M1', code: '0' }, true],
    [{ messageid: 'M1', code: 0, to_addr: null, done_time: null, description: null }, false],
    [{ messageid: 'M1', code: 0, done_time: null, description: null, more: 1 }, true],
    [{ messageid: '', code: '0' }, false],
    [{ messageid: 'M'.repeat(33), code: '0' }, false],
    [{ messageid: 'M1' }, false],
    [{ messageid: 'M1', code: 1.5 }, false],
  ])('of Chunghwa %j: %s', (body, good) => {
    expect(ChunghwaReceiptBody.safeParse(body).success).toBe(good)
  })
})

test('a problem may carry facts of its own', () => {
  const problem = { type: 'about:blank', title: 'Conflict', status: 409, code: 'x', retry_in: 1 }
  expect(ProblemResponse.parse(problem)).toEqual(problem)
  expect(ProblemResponse.safeParse({ ...problem, code: undefined }).success).toBe(false)
})
