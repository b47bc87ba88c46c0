import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { cancelMessage } from '@sms-gateway/db/cancel-message'
import { deleteCallback, disableCallback, enableCallback } from '@sms-gateway/db/change-callbacks'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { recordCallbackEvent } from '@sms-gateway/db/record-callback-event'
import { addCallback, addClient, readEvents } from './callback-support.ts'
import { onEachPostgres } from './on-each-postgres.ts'
import {
  accepted,
  buildMessage,
  buildReceipt,
  CLIENT,
  createReference,
  NOW,
  receive,
  sendMessage,
  settle,
  storeMessage,
  submitMessage,
  vault,
} from './support.ts'

onEachPostgres((postgres) => {
  beforeAll(() => addClient(postgres.db, CLIENT))

  const typesOf = async (callbackId: string, subjectId: string) =>
    (await readEvents(postgres.db, callbackId))
      .filter((event) => event.subject_id === subjectId)
      .map(({ type }) => type)

  describe('the outbox', () => {
    test('gets each status of a message, in the transaction that writes it', async () => {
      const { db } = postgres
      const id = await addCallback(db, CLIENT)
      const { message, reference } = await sendMessage(db)
      await receive(db, buildReceipt({ reference, status: 'delivered' }))

      const events = await readEvents(db, id)
      const timeline = await db
        .selectFrom('message_event')
        .select(['status', 'at'])
        .where('message_id', '=', message.id)
        .execute()
      const told = events.map(({ type, occurred_at: at }) => `${type} ${at.toISOString()}`)
      expect(told.toSorted()).toEqual(
        timeline.map(({ status, at }) => `message.${status} ${at.toISOString()}`).toSorted(),
      )
      expect(timeline.map(({ status }) => status)).toContain('delivered')
      for (const event of events) {
        expect(event).toMatchObject({ subject_id: message.id, state: 'pending', attempts: 0 })
        expect(event.expires_at.getTime() - event.due_at.getTime()).toBe(24 * 3_600_000)
      }
      await deleteCallback(db, id, NOW)
    })

    test('gets nothing when that transaction is rolled back', async () => {
      const { db } = postgres
      const id = await addCallback(db, CLIENT)
      const message = buildMessage()
      const rolledBack = db.transaction().execute(async (trx) => {
        await insertMessages(trx, vault, [{ message }])
        throw new Error('rolled back')
      })
      await expect(rolledBack).rejects.toThrow('rolled back')
      expect(await readEvents(db, id)).toEqual([])
      await deleteCallback(db, id, NOW)
    })

    test('gets what a callback asked for, once for each callback, and never of another client', async () => {
      const { db } = postgres
      const [other, ends, all] = await Promise.all([
        addClient(db).then((client) => addCallback(db, client)),
        addCallback(db, CLIENT, { eventTypes: ['message.cancelled', 'message.delivered'] }),
        addCallback(db, CLIENT),
      ])
      const { id } = await storeMessage(db)
      await cancelMessage(db, id, NOW)
      expect(await typesOf(ends, id)).toEqual(['message.cancelled'])
      expect(await typesOf(all, id)).toEqual([
        'message.accepted',
        'message.cancelled',
        'message.queued',
      ])
      expect(await readEvents(db, other)).toEqual([])
      for (const each of [ends, all]) await deleteCallback(db, each, NOW)
    })

    test('gets nothing for a callback that is disabled or deleted, and again once it is enabled', async () => {
      const { db } = postgres
      const id = await addCallback(db, CLIENT, { eventTypes: ['message.accepted'] })
      await disableCallback(db, id, 'by a test', NOW)
      await storeMessage(db)
      expect(await readEvents(db, id)).toEqual([])
      await enableCallback(db, id, NOW)
      await storeMessage(db)
      expect(await readEvents(db, id)).toHaveLength(1)
      await deleteCallback(db, id, NOW)
      await storeMessage(db)
      expect(await readEvents(db, id)).toHaveLength(1)
    })

    test('gets the events of a batch that is of several clients and months', async () => {
      const { db } = postgres
      const client = await addClient(db)
      const [mine, theirs] = await Promise.all([
        addCallback(db, CLIENT, { eventTypes: ['message.accepted'] }),
        addCallback(db, client, { eventTypes: ['message.accepted'] }),
      ])
      const lastMonth = new Date(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() - 1, 15))
      const messages = [
        buildMessage(),
        buildMessage({ createdAt: lastMonth }),
        buildMessage({ clientId: client }),
      ]
      await insertMessages(
        db,
        vault,
        messages.map((message) => ({ message })),
      )
      const subjects = async (id: string) =>
        (await readEvents(db, id)).map((event) => event.subject_id).toSorted()
      expect(await subjects(mine)).toEqual([messages[0]?.id, messages[1]?.id].toSorted())
      expect(await subjects(theirs)).toEqual([messages[2]?.id])
      for (const each of [mine, theirs]) await deleteCallback(db, each, NOW)
    })

    test('gets what is recorded by hand, for one client or for everybody', async () => {
      const { db } = postgres
      const client = await addClient(db)
      const [mine, theirs, deaf] = await Promise.all([
        addCallback(db, CLIENT, { eventTypes: ['recipient.opted_out'] }),
        addCallback(db, client, { eventTypes: ['recipient.opted_out', 'message.inbound'] }),
        addCallback(db, client, { eventTypes: ['message.sent'] }),
      ])
      const happened = { subjectId: randomUUID(), occurredAt: NOW }
      await recordCallbackEvent(db, { ...happened, clientId: client, type: 'message.inbound' })
      await recordCallbackEvent(db, { ...happened, clientId: null, type: 'recipient.opted_out' })
      const types = async (id: string) => (await readEvents(db, id)).map(({ type }) => type)
      expect(await types(mine)).toEqual(['recipient.opted_out'])
      expect(await types(theirs)).toEqual(['message.inbound', 'recipient.opted_out'])
      expect(await types(deaf)).toEqual([])
      for (const each of [mine, theirs, deaf]) await deleteCallback(db, each, NOW)
    })

    test('keeps ids and types, and nothing of what was sent or to whom', async () => {
      const { db } = postgres
      const id = await addCallback(db, CLIENT)
      const message = await storeMessage(db)
      const { rows } = await sql<{ line: string }>`
        select t::text as line from callback_event t where callback_id = ${id}
        union all select t::text from callback t where id = ${id}`.execute(db)
      const text = rows.map(({ line }) => line).join('\n')
      expect(text).toContain(message.id)
      const needles = [
        message.phone,
        message.phone.slice(4),
        message.text,
        'producer.example',
        'whsec_',
      ]
      for (const needle of needles) expect(text).not.toContain(needle)
      await deleteCallback(db, id, NOW)
    })

    test('leaves the writing of events as it is where nobody wants them', async () => {
      const { db } = postgres
      const submitted = await submitMessage(db)
      await settle(db, submitted, accepted(createReference()), { kind: 'sent' })
      const { rows } =
        await sql`select from callback_event where subject_id = ${submitted.messageId}`.execute(db)
      expect(rows).toEqual([])
    })
  })
})
