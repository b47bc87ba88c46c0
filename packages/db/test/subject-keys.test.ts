import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Db } from '@sms-gateway/db/connect'
import { claimDoubts } from '@sms-gateway/db/doubts'
import { findMessage } from '@sms-gateway/db/find-message'
import { findIdempotentAnswer } from '@sms-gateway/db/idempotency'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { claimPolls } from '@sms-gateway/db/polls'
import { createSubjectKey, openSubject, readSubject } from '@sms-gateway/db/subject'
import { ensureSubjects, findSubjects } from '@sms-gateway/db/subject-keys'
import { createVault } from '@sms-gateway/db/vault'
import type { NewMessage } from '@sms-gateway/domain/message'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  after,
  buildMessage,
  claim,
  CLIENT,
  DOUBT_ERROR,
  IN_DOUBT,
  NOW,
  readAttempt,
  readMessage,
  readReferences,
  readTimeline,
  settle,
  storeMessage,
  submitMessage,
  vault,
} from './support.ts'

const hash = vault.hash('+886912345678')
const other = vault.hash('+886987654321')

describe("a person's own key", () => {
  const { cipher } = createSubjectKey(vault, hash)
  const subject = openSubject(vault, hash, cipher)

  test('opens what it has sealed, in its row alone', () => {
    const sealed = subject.seal('+886912345678', 'row 1')
    expect(subject.open(sealed, 'row 1')).toBe('+886912345678')
    expect(() => subject.open(sealed, 'row 2')).toThrow()
    expect(sealed.toString('latin1')).not.toContain('912345678')
  })

  test('does not open what was changed', () => {
    const sealed = subject.seal('text', 'row')
    sealed.writeUInt8(sealed.readUInt8(20) ^ 1, 20)
    expect(() => subject.open(sealed, 'row')).toThrow()
  })

  test('is sealed for that person, by a key that may be rotated', () => {
    expect(() => openSubject(vault, other, cipher)).toThrow()
    const rotated = createVault({
      encryptionKeys: [
        { id: 'k2', key: randomBytes(32) },
        { id: 'k1', key: Buffer.alloc(32, 1) },
      ],
      lookupKey: Buffer.alloc(32, 2),
    })
    const sealed = subject.seal('text', 'row')
    expect(openSubject(rotated, hash, cipher).open(sealed, 'row')).toBe('text')
  })

  test('destroyed, or another one since: what it has sealed counts as erased', () => {
    const sealed = subject.seal('text', 'row')
    const next = createSubjectKey(vault, hash)
    expect(readSubject(vault, hash, null).open(sealed, 'row')).toBeUndefined()
    expect(readSubject(vault, hash, next.cipher).open(sealed, 'row')).toBeUndefined()
    expect(readSubject(vault, hash, null).open(Buffer.alloc(0), 'row')).toBeUndefined()
  })

  test('is not needed for what was sealed before people had keys', () => {
    const sealed = vault.seal('text', 'row')
    expect(subject.open(sealed, 'row')).toBe('text')
    expect(readSubject(vault, hash, null).open(sealed, 'row')).toBe('text')
    expect(() => readSubject(vault, hash, null).open(Buffer.from([9, 9]), 'row')).toThrow('form')
  })
})

onEachPostgres((postgres) => {
  test('of somebody new is made once, whoever asks: sixteen at once get the same', async () => {
    const { db } = postgres
    for (let round = 0; round < 5; round++) {
      const hashes = Array.from({ length: 4 }, () => randomBytes(32))
      const asking = Array.from({ length: 16 }, (_, index) =>
        ensureSubjects(db, vault, index % 2 ? hashes : hashes.toReversed()),
      )
      const answers = await Promise.all(asking)
      const kept = await findSubjects(db, vault, hashes)
      for (const each of hashes) {
        for (const answer of answers) {
          expect(kept.of(each)?.open(answer.of(each).seal('text', 'row'), 'row')).toBe('text')
        }
      }
    }
  })

  test('goes with the transaction that made it', async () => {
    const { db } = postgres
    const [mine] = [randomBytes(32)]
    const work = db.transaction().execute(async (trx) => {
      await ensureSubjects(trx, vault, [mine])
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect((await findSubjects(db, vault, [mine])).of(mine)).toBeUndefined()
  })

  test('seals two messages of one person in a batch, and later ones', async () => {
    const { db } = postgres
    const { phone } = buildMessage()
    const batch = [buildMessage({ phone }), buildMessage({ phone, text: 'second' })]
    await insertMessages(
      db,
      vault,
      batch.map((message) => ({ message })),
    )
    const third = await storeMessage(db, { phone })
    for (const { id, text } of [...batch, third]) {
      expect(await findMessage(db, vault, id)).toMatchObject({ phone, text })
    }
    const keys = db.selectFrom('subject_key').selectAll()
    expect(await keys.where('recipient_hash', '=', vault.hash(phone)).execute()).toHaveLength(1)
  })

  test('messages sealed before people had keys are read and sent', async () => {
    const { db } = postgres
    const message = await storeMessage(db)
    await sealDirectly(db, message)
    await destroyKey(db, message)
    expect(await findMessage(db, vault, message.id)).toMatchObject({
      phone: message.phone,
      text: message.text,
    })
    expect(await claim(db, [message.id])).toMatchObject([{ phone: message.phone }])
  })

  describe('once it is destroyed', () => {
    test('a message has no number and no text any more', async () => {
      const { db } = postgres
      const message = await storeMessage(db, { metadata: { note: 'x' }, mediaUrls: ['https://x'] })
      await destroyKey(db, message)
      expect(await findMessage(db, vault, message.id)).toMatchObject({
        id: message.id,
        phone: null,
        text: null,
        metadata: null,
        mediaUrls: [],
      })
    })

    test('a kept answer cannot be read', async () => {
      const { db } = postgres
      const message = buildMessage()
      const keyed = { path: '/sms/send', key: '+886912345678' }
      const kept = { ...keyed, fingerprint: Buffer.alloc(32), status: 202, response: '{}' }
      await insertMessages(db, vault, [{ message, answer: kept }])
      await destroyKey(db, message)
      const found = await findIdempotentAnswer(db, vault, { clientId: CLIENT, ...keyed }, NOW)
      expect(found).toMatchObject({ subject: message.id, response: undefined })
    })

    test('a queued message is cancelled by who claims it, and the others of the batch are sent', async () => {
      const { db } = postgres
      const [mine, theirs] = [await storeMessage(db), await storeMessage(db)]
      await destroyKey(db, mine)
      expect(await claim(db, [mine.id, theirs.id])).toMatchObject([{ id: theirs.id }])
      expect(await readMessage(db, mine.id)).toMatchObject({
        status: 'cancelled',
        claimed_by: null,
      })
      expect(await readTimeline(db, mine.id)).toEqual(['accepted', 'queued', 'cancelled'])
    })

    test('a doubt is asked about no more, nor a receipt', async () => {
      const { db } = postgres
      const doubtful = await submitMessage(db)
      const doubt = { kind: 'doubt', error: DOUBT_ERROR, checkAt: after(5) } as const
      await settle(db, doubtful, IN_DOUBT, doubt)
      const polled = await submitMessage(db, { provider: 'chunghwa' })
      await settle(db, polled, accepted('R1'), { kind: 'sent' }, { polled: true })
      await destroyKey(db, doubtful.message)
      await destroyKey(db, polled.message)

      expect(await claimDoubts(db, vault, after(9), 10)).toEqual([])
      expect((await readAttempt(db, doubtful)).check_at).toBeNull()
      expect(await claimPolls(db, vault, 'chunghwa', { now: after(3_600), limit: 10 })).toEqual([])
      expect(await readReferences(db, polled.messageId)).toMatchObject([{ poll_at: null }])
    })
  })
})

async function destroyKey(db: Db, { phone }: NewMessage): Promise<void> {
  await db.deleteFrom('subject_key').where('recipient_hash', '=', vault.hash(phone)).execute()
}

async function sealDirectly(db: Db, message: NewMessage): Promise<void> {
  const { id, phone, text, metadata, mediaUrls } = message
  await db
    .updateTable('message')
    .set({
      recipient_cipher: vault.seal(phone, id),
      content_cipher: vault.seal(JSON.stringify({ text, metadata, mediaUrls }), id),
    })
    .where('id', '=', id)
    .execute()
}
