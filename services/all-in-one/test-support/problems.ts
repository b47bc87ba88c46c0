import { expect } from '@jest/globals'
import { ProblemResponse } from '@sms-gateway/contracts/problem-response'
import type { Answer } from './api.ts'

/** RFC 9457, with a stable code and the request's id; parsed. */
export function expectProblem(answer: Answer, status: number, code: string): ProblemResponse {
  const { headers, text } = answer
  expect({ status: answer.status, code: text && ProblemResponse.parse(answer.json).code }).toEqual({
    status,
    code,
  })
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,}$/)
  const problem = ProblemResponse.parse(answer.json)
  expect(problem).toMatchObject({ status, type: `/docs/errors.md#${code}` })
  return problem
}
