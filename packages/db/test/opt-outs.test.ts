import { randomInt } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { insertMessages } from '@sms-gateway/db/insert-messages'
import { listPermissionEvents } from '@sms-gateway/db/list-consents'
import { findOptOut, listOptOuts } from '@sms-gateway/db/list-opt-outs'
import { addOptOut, addOptOuts, type OptOutChange, removeOptOut } from '@sms-gateway/db/opt-outs'
import { findPermissions } from '@sms-gateway/db/permissions'
import { Phone } from '@sms-gateway/domain/phone'
import { addCallback, addClient } from './callback-support.ts'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, buildMessage, claim, NOW, readMessage, storeMessage, vault } from './support.ts'

function newOptOut(changes: Partial<OptOutChange> = {}): OptOutChange {
  return {
    phone: Phone.parse(`+8869${randomInt(10_000_000, 99_999_999)}`),
    channel: 'sms',
    kind: 'all',
    source: 'operator',
    reason: 'called us',
    actor: 'key-1',
    ...changes,
  }
}

onEachPostgres((postgres) => {
  describe('opt-outs', () => {
    test('stay as they came first, and each change is told once', async () => {
      const { db } = postgres
      const optOut = newOptOut()
      const later = { ...optOut, source: 'keyword', reason: null }
      expect(await addOptOut(db, vault, optOut, NOW)).toBe(true)
      expect(await addOptOut(db, vault, later, after(1))).toBe(false)
      expect(await findOptOut(db, vault, optOut)).toMatchObject({
        phone: optOut.phone,
        kind: 'all',
        source: 'operator',
        reason: 'called us',
        createdAt: NOW,
      })
      expect(await removeOptOut(db, vault, optOut, { now: after(2) })).toBe(true)
      expect(await removeOptOut(db, vault, optOut, { now: after(3) })).toBe(false)
      expect(await findOptOut(db, vault, optOut)).toBeUndefined()
      const events = await listPermissionEvents(db, vault, { phone: optOut.phone, limit: 10 })
      expect(events.map(({ change, source, actor, at }) => [change, source, actor, at])).toEqual([
        ['opt-out-lifted', 'operator', 'key-1', after(2)],
        ['opted-out', 'operator', 'key-1', NOW],
      ])
    })

    test('of one source alone are lifted where only that may', async () => {
      const { db } = postgres
      const optOut = newOptOut({ source: 'twilio' })
      await addOptOut(db, vault, optOut, NOW)
      expect(await removeOptOut(db, vault, optOut, { now: NOW, only: 'link' })).toBe(false)
      expect(await removeOptOut(db, vault, optOut, { now: NOW, only: 'twilio' })).toBe(true)
    })

    test('that come together, one twice, from several processes at once are one each', async () => {
      const { db } = postgres
      const optOuts = Array.from({ length: 50 }, () => newOptOut())
      const outcomes = await Promise.all([
        addOptOuts(db, vault, [...optOuts, ...optOuts], NOW),
        addOptOuts(db, vault, optOuts.toReversed(), NOW),
        addOptOuts(db, vault, optOuts, NOW),
      ])
      expect(outcomes.flat().filter(Boolean)).toHaveLength(50)
      const events = await Promise.all(
        optOuts.map(({ phone }) => listPermissionEvents(db, vault, { phone, limit: 9 })),
      )
      expect(events.map(({ length }) => length)).toEqual(optOuts.map(() => 1))
    })

    test('are paged, newest first, and found by kind and source', async () => {
      const { db } = postgres
      await db.deleteFrom('opt_out').execute()
      const kinds = ['all', 'marketing', 'all', 'marketing', 'all'] as const
      const optOuts = kinds.map((kind) => newOptOut({ kind }))
      for (const optOut of optOuts) await addOptOut(db, vault, optOut, NOW)
      const newestFirst = optOuts.map(({ phone }) => phone).toReversed()
      const first = await listOptOuts(db, vault, { limit: 3 })
      const before = first.at(-1)?.position
      const second = await listOptOuts(db, vault, { limit: 3, before })
      expect([...first, ...second].map(({ phone }) => phone)).toEqual(newestFirst)
      const marketing = await listOptOuts(db, vault, { limit: 9, kind: 'marketing' })
      expect(marketing.map(({ kind }) => kind)).toEqual(['marketing', 'marketing'])
      expect(await listOptOuts(db, vault, { limit: 9, source: 'import' })).toEqual([])
    })

    test('keep no number that can be read without the keys', async () => {
      const { db } = postgres
      const optOut = newOptOut()
      await addOptOut(db, vault, optOut, NOW)
      const { rows } = await sql<{ line: string }>`
        select t::text as line from opt_out t union all select t::text from permission_event t`.execute(
        db,
      )
      const dump = rows.map(({ line }) => line).join('\n')
      expect(dump).not.toContain(optOut.phone.slice(4))
      expect(dump).not.toContain(Buffer.from(optOut.phone).toString('hex'))
    })

    test('of an erased person still stop, by the hash alone', async () => {
      const { db } = postgres
      const optOut = newOptOut()
      await addOptOut(db, vault, optOut, NOW)
      const hash = vault.hash(optOut.phone)
      await db.deleteFrom('subject_key').where('recipient_hash', '=', hash).execute()
      expect(await findOptOut(db, vault, optOut)).toMatchObject({ phone: null })
      const [permissions] = await findPermissions(db, vault, {
        phones: [optOut.phone],
        channel: 'sms',
      })
      expect(permissions?.optOuts).toEqual(['all'])
      expect(await removeOptOut(db, vault, optOut, { now: after(1) })).toBe(true)
    })

    test('are told to who wrote to that number and wants to know, in the same commit', async () => {
      const { db } = postgres
      const client = await addClient(db)
      const wanted = await addCallback(db, client, {
        eventTypes: ['recipient.opted_out', 'recipient.opted_in'],
      })
      const unwanted = await addCallback(db, client, { eventTypes: ['message.sent'] })
      const stranger = await addCallback(db, await addClient(db))
      const optOut = newOptOut()
      await storeMessage(db, { clientId: client, phone: optOut.phone })
      await db
        .transaction()
        .execute(async (trx) => {
          await addOptOut(trx, vault, optOut, NOW)
          throw new Error('rolled back')
        })
        .catch(() => undefined)
      await addOptOut(db, vault, optOut, NOW)
      await addOptOut(db, vault, optOut, NOW)
      await removeOptOut(db, vault, optOut, { now: after(1) })
      const events = await listPermissionEvents(db, vault, { phone: optOut.phone, limit: 9 })
      const told = await db
        .selectFrom('callback_event')
        .select(['callback_id', 'type', 'subject_id'])
        .where('callback_id', 'in', [wanted, unwanted, stranger])
        .orderBy('occurred_at')
        .execute()
      expect(told).toEqual([
        { callback_id: wanted, type: 'recipient.opted_out', subject_id: events[1]?.id },
        { callback_id: wanted, type: 'recipient.opted_in', subject_id: events[0]?.id },
      ])
    })
  })

  describe('the exemption of what confirms an opt-out', () => {
    test('is kept with the message, and nothing but such a text can have it', async () => {
      const { db } = postgres
      const message = buildMessage({ messageType: 'opt_out_confirmation' })
      await insertMessages(db, vault, [{ message, exemptFromOptOut: true }])
      expect(await readMessage(db, message.id)).toMatchObject({ exempt_from_opt_out: true })
      expect(await claim(db, [message.id])).toMatchObject([
        { permissions: { exemptFromOptOut: true } },
      ])
      const other = buildMessage({ messageType: 'otp' })
      await expect(
        insertMessages(db, vault, [{ message: other, exemptFromOptOut: true }]),
      ).rejects.toThrow('message_exempt_confirms')
    })

    test('is not the type alone', async () => {
      const { db } = postgres
      const message = buildMessage({ messageType: 'opt_out_confirmation' })
      await insertMessages(db, vault, [{ message }])
      expect(await claim(db, [message.id])).toMatchObject([
        { permissions: { exemptFromOptOut: false } },
      ])
    })
  })
})
