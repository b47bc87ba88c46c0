import { beforeEach, describe, expect, test } from '@jest/globals'
import { claimReference } from '@sms-gateway/db/claim-reference'
import { claimDoubts, postponeDoubt } from '@sms-gateway/db/doubts'
import { claimPolls, planPoll } from '@sms-gateway/db/polls'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  buildReceipt,
  countEach,
  createReference,
  DOUBT_ERROR,
  emptyTables,
  IN_DOUBT,
  NOW,
  parkUntil,
  readAttempt,
  readReferences,
  receive,
  settle,
  submitMessage,
  vault,
} from './support.ts'

onEachPostgres((postgres) => {
  beforeEach(() => emptyTables(postgres.db))

  /** Its attempt was committed at NOW, its doubt began a second later. */
  async function doubt(checkAfter: number | null = 6) {
    const attempt = await submitMessage(postgres.db, { messageType: 'otp' })
    const checkAt = checkAfter === null ? null : after(checkAfter)
    await settle(postgres.db, attempt, IN_DOUBT, { kind: 'doubt', checkAt, error: DOUBT_ERROR })
    return attempt
  }
  const claimAt = (seconds: number, limit = 10) =>
    claimDoubts(postgres.db, vault, after(seconds), limit)

  describe('claimDoubts', () => {
    test('gives what the provider is to be asked, when it is time', async () => {
      const { messageId, message } = await doubt()
      expect(await claimAt(5)).toEqual([])
      expect(await claimAt(6)).toEqual([
        {
          messageId,
          number: 1,
          provider: 'twilio',
          phone: message.phone,
          text: message.text,
          messageType: 'otp',
          expiresAt: message.expiresAt,
          countedAttempts: 1,
          openedAt: NOW,
          doubtedAt: after(1),
          checks: 0,
        },
      ])
    })

    test('leases it for thirty seconds: a checker that dies holds nothing up', async () => {
      await doubt()
      expect(await claimAt(6)).toHaveLength(1)
      expect(await claimAt(35)).toEqual([])
      expect(await claimAt(36)).toHaveLength(1)
    })

    test('hands each to one of four callers, up to the limit, oldest first', async () => {
      const doubts = await Promise.all(
        Array.from({ length: 12 }, (_, index) => doubt(6 + (index % 3))),
      )
      const first = await claimAt(6, 1)
      expect(first).toHaveLength(1)
      const claimed = await Promise.all(Array.from({ length: 4 }, () => claimAt(10, 5)))
      const counts = countEach([...first, ...claimed.flat()].map(({ messageId }) => messageId))
      expect([...counts.values()].every((count) => count === 1)).toBe(true)
      const rest = await claimAt(10, 100)
      expect(counts.size + rest.length).toBe(doubts.length)
    })

    test('leaves out those that nobody can be asked about, and those that are settled', async () => {
      await doubt(null)
      const taken = await doubt()
      await settle(
        postgres.db,
        taken,
        accepted(createReference()),
        { kind: 'sent' },
        { wasInDoubt: true },
      )
      const absent = await doubt()
      await settle(postgres.db, absent, { kind: 'absent' }, parkUntil(NOW), { wasInDoubt: true })
      const received = await doubt()
      await receive(
        postgres.db,
        buildReceipt({ reference: createReference(), status: 'sent' }, { attempt: received }),
      )
      expect(await claimAt(60)).toEqual([])
    })
  })

  describe('postponeDoubt', () => {
    test('asks again later, and counts where the provider knew nothing', async () => {
      const { db } = postgres
      const attempt = await doubt()
      await postponeDoubt(db, attempt, { checkAt: after(21), counted: true })
      await postponeDoubt(db, attempt, { checkAt: after(22), counted: false })
      expect(await readAttempt(db, attempt)).toMatchObject({ check_at: after(22), checks: 1 })
      expect(await claimAt(22)).toMatchObject([{ checks: 1, doubtedAt: after(1) }])
    })

    test('does not wake one that was settled meanwhile', async () => {
      const { db } = postgres
      const attempt = await doubt()
      await receive(db, buildReceipt({ reference: createReference(), status: 'sent' }, { attempt }))
      await postponeDoubt(db, attempt, { checkAt: after(21), counted: true })
      expect(await readAttempt(db, attempt)).toMatchObject({
        state: 'accepted',
        check_at: null,
        checks: 0,
      })
    })
  })

  describe('claimReference', () => {
    const claimFor = (attempt: Awaited<ReturnType<typeof doubt>>, reference: string) =>
      claimReference(postgres.db, attempt, { provider: 'twilio', reference }, after(7))

    test('is exclusive, and safe to repeat', async () => {
      const [one, other] = [await doubt(), await doubt()]
      const reference = createReference()
      expect(await claimFor(one, reference)).toBe(true)
      expect(await claimFor(one, reference)).toBe(true)
      expect(await claimFor(other, reference)).toBe(false)
      expect(await claimFor({ ...one, number: 2 }, reference)).toBe(false)
      expect(await claimFor(other, createReference())).toBe(true)
      expect(await readReferences(postgres.db, one.messageId)).toMatchObject([
        {
          reference,
          attempt_number: 1,
          part: 1,
          parts: 1,
          delivery_status: 'accepted',
          poll_at: null,
        },
      ])
    })

    test('of eight attempts at once, one gets it', async () => {
      const attempts = await Promise.all(Array.from({ length: 8 }, () => doubt()))
      const reference = createReference()
      const won = await Promise.all(attempts.map((attempt) => claimFor(attempt, reference)))
      expect(won.filter(Boolean)).toHaveLength(1)
    })

    test('does not take what a receipt has claimed for another attempt', async () => {
      const [one, other] = [await doubt(), await doubt()]
      const reference = createReference()
      await receive(postgres.db, buildReceipt({ reference, status: 'delivered' }, { attempt: one }))
      expect(await claimFor(other, reference)).toBe(false)
      expect(await claimFor(one, reference)).toBe(true)
      expect(await readReferences(postgres.db, one.messageId)).toMatchObject([
        { delivery_status: 'delivered' },
      ])
    })
  })

  describe('claimPolls', () => {
    async function sendPolled() {
      const attempt = await submitMessage(postgres.db, { provider: 'chunghwa' })
      const reference = createReference()
      await settle(postgres.db, attempt, accepted(reference), { kind: 'sent' }, { polled: true })
      return { ...attempt, reference }
    }
    const pollAt = (seconds: number, limit = 10) =>
      claimPolls(postgres.db, vault, 'chunghwa', { now: after(seconds), limit })

    test('gives what is to be asked, when it is time', async () => {
      const { reference, message } = await sendPolled()
      expect(await pollAt(15)).toEqual([])
      expect(await pollAt(16)).toEqual([
        { provider: 'chunghwa', reference, phone: message.phone, polls: 1, createdAt: after(1) },
      ])
      expect(await claimPolls(postgres.db, vault, 'twilio', { now: after(99), limit: 10 })).toEqual(
        [],
      )
    })

    test('leases it for a minute, and counts each time', async () => {
      await sendPolled()
      expect(await pollAt(16)).toHaveLength(1)
      expect(await pollAt(75)).toEqual([])
      expect(await pollAt(76)).toMatchObject([{ polls: 2 }])
    })

    test('hands each to one of four callers at once', async () => {
      const references = await Promise.all(
        Array.from({ length: 20 }, async () => (await sendPolled()).reference),
      )
      const polls = await Promise.all(Array.from({ length: 4 }, () => pollAt(60, 8)))
      const counts = countEach(polls.flat().map(({ reference }) => reference))
      expect([...counts.values()].every((count) => count === 1)).toBe(true)
      const rest = await pollAt(60, 100)
      expect([...counts.keys(), ...rest.map(({ reference }) => reference)].sort()).toEqual(
        references.sort(),
      )
    })

    test('is planned anew, or given up', async () => {
      const { db } = postgres
      const { messageId, reference } = await sendPolled()
      await planPoll(db, 'chunghwa', reference, after(100))
      expect(await pollAt(99)).toEqual([])
      expect(await pollAt(100)).toHaveLength(1)
      await planPoll(db, 'chunghwa', reference, null)
      expect(await pollAt(999_999)).toEqual([])
      expect(await readReferences(db, messageId)).toMatchObject([{ poll_at: null, polls: 1 }])
    })

    test.each([
      ['sent', 1],
      ['undelivered', 0],
      ['delivered', 0],
    ] as const)('after a receipt that says %s: %s polls', async (status, polls) => {
      const { db } = postgres
      const { reference } = await sendPolled()
      await receive(db, buildReceipt({ reference, status }, { provider: 'chunghwa' }))
      expect(await pollAt(60)).toHaveLength(polls)
    })
  })
})
