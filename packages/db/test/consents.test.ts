import { randomInt } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { type ConsentRecord, recordConsent, recordConsents } from '@sms-gateway/db/consents'
import { listConsents, listPermissionEvents } from '@sms-gateway/db/list-consents'
import { findPermissions } from '@sms-gateway/db/permissions'
import { Phone } from '@sms-gateway/domain/phone'
import { onEachPostgres } from './on-each-postgres.ts'
import { after, claim, NOW, storeMessage, vault } from './support.ts'

function newConsent(changes: Partial<ConsentRecord> = {}): ConsentRecord {
  return {
    phone: Phone.parse(`+8869${randomInt(10_000_000, 99_999_999)}`),
    channel: 'sms',
    kind: 'marketing',
    granted: true,
    source: 'web-form',
    wordingVersion: '2026-01',
    proof: 'form 4711',
    actor: 'key-1',
    ...changes,
  }
}

onEachPostgres((postgres) => {
  const record = (consent: ConsentRecord, now = NOW) =>
    recordConsent(postgres.db, vault, consent, now)
  const standing = (phone: Phone) => listConsents(postgres.db, vault, { phone, limit: 9 })
  const history = async (phone: Phone) => {
    const events = await listPermissionEvents(postgres.db, vault, { phone, limit: 9 })
    return events.map(({ change, at, proof }) => [change, at, proof])
  }
  const marketingOf = async (phone: Phone) => {
    const [permissions] = await findPermissions(postgres.db, vault, {
      phones: [phone],
      channel: 'sms',
    })
    return permissions?.marketingConsent
  }

  describe('consents', () => {
    test('stand as the person said last, with the history beside', async () => {
      const consent = newConsent()
      const { phone } = consent
      expect(await marketingOf(phone)).toBeNull()
      expect(await record(consent)).toBe(true)
      expect(await marketingOf(phone)).toBe(true)
      expect(await record({ ...consent, granted: false, proof: null }, after(1))).toBe(true)
      expect(await marketingOf(phone)).toBe(false)
      expect(await standing(phone)).toMatchObject([
        { phone, granted: false, wordingVersion: '2026-01', proof: null, at: after(1) },
      ])
      expect(await history(phone)).toEqual([
        ['consent-revoked', after(1), null],
        ['consent-granted', NOW, 'form 4711'],
      ])
      const message = await storeMessage(postgres.db, { phone })
      expect(await claim(postgres.db, [message.id])).toMatchObject([
        { permissions: { marketingConsent: false } },
      ])
    })

    test('recorded again say nothing new; with another proof they do', async () => {
      const consent = newConsent()
      await record(consent)
      expect(await record(consent, after(1))).toBe(false)
      expect(await record({ ...consent, proof: 'form 4712' }, after(2))).toBe(true)
      expect(await history(consent.phone)).toHaveLength(2)
    })

    test('that are older than what stands go into the history alone, once', async () => {
      const consent = newConsent()
      const { phone } = consent
      await record({ ...consent, granted: false })
      const old = { ...consent, at: after(-60) }
      expect(await record(old)).toBe(true)
      expect(await record(old)).toBe(false)
      expect(await marketingOf(phone)).toBe(false)
      expect((await history(phone)).map(([change]) => change)).toHaveLength(2)
    })

    test('to all cover marketing; what was said last of either counts', async () => {
      const consent = newConsent({ kind: 'all' })
      const { phone } = consent
      await record(consent)
      expect(await marketingOf(phone)).toBe(true)
      await record({ ...consent, kind: 'marketing', granted: false }, after(1))
      expect(await marketingOf(phone)).toBe(false)
      await record({ ...consent, kind: 'all', granted: true, source: 'call' }, after(2))
      expect(await marketingOf(phone)).toBe(true)
      await record({ ...consent, kind: 'marketing', granted: false, source: 'call' }, after(2))
      expect(await marketingOf(phone)).toBe(false)
    })

    test('of many people, one of them three times, come in one call', async () => {
      const people = Array.from({ length: 20 }, () => newConsent())
      const again = [
        { ...people[0]!, granted: false, at: after(1) },
        { ...people[0]!, granted: true, at: after(2) },
      ]
      const outcomes = await recordConsents(postgres.db, vault, [...people, ...again], NOW)
      expect(outcomes).toEqual(outcomes.map(() => true))
      expect(await marketingOf(people[0]!.phone)).toBe(true)
      expect(await history(people[0]!.phone)).toHaveLength(3)
    })

    test('keep neither number nor proof in clear', async () => {
      const consent = newConsent({ proof: 'signed by Wang at 10.0.0.7' })
      await record(consent)
      const { rows } = await sql<{ line: string }>`
        select t::text as line from consent t union all select t::text from permission_event t`.execute(
        postgres.db,
      )
      const dump = rows.map(({ line }) => line).join('\n')
      for (const text of [consent.phone.slice(4), 'Wang']) {
        expect(dump).not.toContain(text)
        expect(dump).not.toContain(Buffer.from(text).toString('hex'))
      }
    })
  })
})
