import { expect, test } from '@jest/globals'
import { canMove, MESSAGE_STATUSES } from './message-status.ts'
import { mayRetry, ResolveAction, resolveByHand } from './resolve-by-hand.ts'

test.each([
  ['sending', true, 'resend', { kind: 'settle', as: 'queued' }],
  ['sending', true, 'sent', { kind: 'settle', as: 'sent' }],
  ['sending', true, 'failed', { kind: 'settle', as: 'failed' }],
  ['sending', false, 'resend', { kind: 'too-late' }],
  ['unknown', false, 'resend', { kind: 'replace' }],
  ['unknown', false, 'sent', { kind: 'move', to: 'sent' }],
  ['unknown', false, 'failed', { kind: 'move', to: 'undelivered' }],
  ['queued', false, 'failed', { kind: 'too-late' }],
  ['delivered', false, 'resend', { kind: 'too-late' }],
  ['failed', false, 'resend', { kind: 'too-late' }],
] as const)('%s, in doubt %s, %s', (status, inDoubt, action, expected) => {
  expect(resolveByHand({ status, inDoubt }, action)).toEqual(expected)
})

test('never moves a message where its life does not lead', () => {
  for (const status of MESSAGE_STATUSES) {
    for (const action of ResolveAction.options) {
      const resolution = resolveByHand({ status, inDoubt: status === 'sending' }, action)
      if (resolution.kind === 'move') expect(canMove(status, resolution.to)).toBe(true)
      if (resolution.kind === 'settle') expect(canMove(status, resolution.as)).toBe(true)
    }
  }
})

test('only what did not arrive may go again unasked', () => {
  expect(MESSAGE_STATUSES.filter(mayRetry)).toEqual(['undelivered', 'failed', 'expired'])
})
