import { describe, expect, test } from '@jest/globals'
import type { LogEntry } from '@sms-gateway/contracts/logs'
import { nextOfDoubt, sinceOf } from './next-of-doubt.ts'

const NOW = new Date('2026-01-31T12:00:00Z')
const DOUBT = {
  provider: 'twilio',
  since: '2026-01-31T11:59:00Z',
  policy: 'look-up',
  next_check_at: '2026-01-31T12:00:20Z',
  checks: 1,
} as const
// The rest of a message is not asked for.
const build = (entry: Partial<LogEntry>) =>
  ({ status: 'sending', updated_at: '2026-01-31T11:00:00Z', ...entry }) as LogEntry

describe('what comes next for a message in doubt', () => {
  test.each([
    ['is looked up at its time', { doubt: DOUBT }, { kind: 'look-up', at: DOUBT.next_check_at }],
    [
      'is looked up now once its time has come',
      { doubt: { ...DOUBT, next_check_at: '2026-01-31T11:59:59Z' } },
      { kind: 'look-up-now' },
    ],
    [
      'waits for a receipt where nobody can be asked',
      { doubt: { ...DOUBT, policy: 'hold' as const, next_check_at: null } },
      { kind: 'hold' },
    ],
    ['waits where nothing is said of it', {}, { kind: 'hold' }],
    ['has ended when it is unknown', { status: 'unknown' as const }, { kind: 'ended' }],
  ])('it %s', (_what, entry, next) => {
    expect(nextOfDoubt(build(entry), NOW)).toEqual(next)
  })

  test('it is since the doubt began, else since it last changed', () => {
    expect(sinceOf(build({ doubt: DOUBT }))).toBe(DOUBT.since)
    expect(sinceOf(build({}))).toBe('2026-01-31T11:00:00Z')
  })
})
