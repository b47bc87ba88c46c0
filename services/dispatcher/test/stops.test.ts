import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import { pauseGateway, resumeGateway } from '@sms-gateway/db/gateway-state'
import { ringMessages } from '@sms-gateway/db/ring-messages'
import { createTestDatabase } from '@sms-gateway/db/test-support/test-database'
import { claim, readMessage, readTimeline } from '../../../packages/db/test/support.ts'
import { cleanUpAfterAll } from '../../all-in-one/test-support/clean-up.ts'
import { act, dispatchToTwo, endTime, type Happening } from './two-providers.ts'

const cleanUp = cleanUpAfterAll()
let db: Db
beforeAll(async () => {
  const database = await createTestDatabase()
  cleanUp(() => database.drop())
  db = database.db
})

const pauseAll: Happening = () =>
  pauseGateway(db, { reason: 'a test', actor: 'a test', now: new Date() })
const resumeAll = () => resumeGateway(db, { held: 'end', actor: 'a test', now: new Date() })

describe('a message that is with a dispatcher', () => {
  test('goes to the next provider while nobody stops it', async () => {
    const { id, asked } = await dispatchToTwo(db, {})
    expect(asked).toEqual(['twilio', 'chunghwa'])
    expect(await readMessage(db, id)).toMatchObject({ status: 'sent' })
  })

  const stops: [string, () => Happening, object][] = [
    ['cancelled', () => act('cancel'), { status: 'cancelled', error_code: 'campaign-cancelled' }],
    ['paused', () => act('pause'), { status: 'held', hold_reason: 'campaign-stopped' }],
  ]
  test.each(stops)('goes nowhere else once its campaign is %s', async (_, happening, expected) => {
    const between = await dispatchToTwo(db, { atTwilio: happening() })
    expect(between.asked).toEqual(['twilio'])
    expect(await readMessage(db, between.id)).toMatchObject(expected)
    const waiting = await dispatchToTwo(db, { atPermits: happening() })
    expect(waiting.asked).toEqual([])
    expect(await readMessage(db, waiting.id)).toMatchObject({ ...expected, attempt_number: 0 })
  })

  test('ends once its time has passed, as it is in its row', async () => {
    const { id, asked } = await dispatchToTwo(db, { atPermits: endTime })
    expect(asked).toEqual([])
    expect(await readMessage(db, id)).toMatchObject({ status: 'expired', error_code: 'expired' })
  })

  describe('when the gateway is paused', () => {
    afterAll(resumeAll)

    test.each([
      ['between two providers', { atTwilio: pauseAll }, ['twilio']],
      ['while it waits for its permits', { atPermits: pauseAll }, []],
    ])(
      'waits as the others do, and goes on after the resume: %s',
      async (_, happenings, before) => {
        const { id, asked } = await dispatchToTwo(db, happenings)
        expect(asked).toEqual(before)
        const waits = { status: 'queued', hold_reason: 'gateway-paused', claimed_by: null }
        expect(await readMessage(db, id)).toMatchObject({ ...waits, attempt_number: before.length })
        expect((await readTimeline(db, id)).at(-1)).toBe('queued')
        const ring = () =>
          ringMessages(db, { lane: 'normal', now: new Date(), limit: 100, retriesOnly: true })
        expect(await ring()).toEqual([])
        await resumeAll()
        expect(await ring()).toEqual([id])
        const [again] = await claim(db, [id], { now: new Date() })
        expect(again).toMatchObject({ attemptNumber: before.length })
      },
    )
  })
})
