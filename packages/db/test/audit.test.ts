import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { type AuditEntry, createAudit, nameSubject } from '@sms-gateway/db/audit'
import { hashLink, ORIGIN } from '@sms-gateway/db/audit-chain'
import { connectDatabase } from '@sms-gateway/db/connect'
import { listAudit, readLink } from '@sms-gateway/db/list-audit'
import { createVault } from '@sms-gateway/db/vault'
import { verifyAudit } from '@sms-gateway/db/verify-audit'
import { onEachPostgres } from './on-each-postgres.ts'
import { CLIENT, NOW, vault } from './support.ts'

const PHONE = '+886912345678'
const stranger = createVault({
  encryptionKeys: [{ id: 'k1', key: Buffer.alloc(32, 1) }],
  lookupKey: Buffer.alloc(32, 3),
})

function buildEntry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    at: NOW,
    clientId: CLIENT,
    keyId: randomUUID(),
    action: 'message.read',
    subject: { kind: 'message', id: randomUUID() },
    requestId: randomUUID(),
    outcome: 'ok',
    ...change,
  }
}

onEachPostgres((postgres) => {
  const verify = (...rest: [Parameters<typeof verifyAudit>[2]?]) =>
    verifyAudit(postgres.db, vault, ...rest)
  const write = (count: number) =>
    createAudit(postgres.db, vault).append(Array.from({ length: count }, () => buildEntry()))
  const readRows = () => postgres.db.selectFrom('audit').selectAll().orderBy('seq').execute()

  beforeEach(async () => {
    await sql`truncate audit, audit_mark`.execute(postgres.db)
  })

  test('an audit that nobody has written to is whole', async () => {
    expect(await verify()).toEqual({ kind: 'whole', rows: 0, head: ORIGIN })
  })

  test('64 writers of four processes make one chain, each batch in its order', async () => {
    const pools = Array.from({ length: 4 }, () =>
      connectDatabase({ url: postgres.url, poolSize: 8 }),
    )
    try {
      const batches = await Promise.all(
        Array.from({ length: 64 }, async (_, writer) => {
          const batch = [1, 2, 3].map((step) => buildEntry({ requestId: `${writer}-${step}` }))
          await createAudit(pools[writer % 4] ?? postgres.db, vault).append(batch)
          return batch
        }),
      )
      const rows = await readRows()
      expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 192 }, (_, n) => n + 1))
      for (const batch of batches) {
        const at = rows.findIndex(({ request_id: id }) => id === batch[0]?.requestId)
        expect(rows.slice(at, at + 3).map((row) => row.request_id)).toEqual(
          batch.map(({ requestId }) => requestId),
        )
      }
      expect(await verify()).toEqual({
        kind: 'whole',
        rows: 192,
        head: { seq: 192, hash: rows.at(-1)?.hash },
      })
    } finally {
      await Promise.all(pools.map((pool) => pool.destroy()))
    }
  })

  test('a batch that fails leaves nothing', async () => {
    await write(2)
    const broken = [buildEntry(), buildEntry({ clientId: 'no uuid' })]
    await expect(createAudit(postgres.db, vault).append(broken)).rejects.toThrow('uuid')
    await write(1)
    expect(await verify()).toMatchObject({ kind: 'whole', rows: 3 })
  })

  test('a number is kept as its keyed hash, and found by it', async () => {
    const subject = { kind: 'recipient', phone: PHONE } as const
    await createAudit(postgres.db, vault).append([buildEntry(), buildEntry({ subject })])
    expect(JSON.stringify(await readRows())).not.toContain(PHONE.slice(4))
    const name = nameSubject(vault, subject) ?? ''
    const found = await listAudit(postgres.db, { subject: name }, { before: undefined, limit: 9 })
    expect(found).toMatchObject([{ seq: 2, subjectKind: 'recipient', subject: name }])
    expect(await verify()).toMatchObject({ kind: 'whole' })
  })

  describe('what a person looks at again and again', () => {
    const id = randomUUID()
    const look = buildEntry({ isLook: true, subject: { kind: 'message', id } })
    const append = (...entries: AuditEntry[]) => createAudit(postgres.db, vault).append(entries)
    const later = (minutes: number) => ({ at: new Date(NOW.getTime() + minutes * 60_000) })

    test('is one row, of two processes at once too', async () => {
      const other = connectDatabase({ url: postgres.url, poolSize: 4 })
      try {
        const writers = Array.from({ length: 16 }, (_, n) => {
          const audit = createAudit(n % 2 === 0 ? postgres.db : other, vault)
          // The clocks of two machines are never the same.
          return audit.append([{ ...look, ...later(n / 600) }, buildEntry(), look])
        })
        await Promise.all(writers)
        const rows = await readRows()
        expect(rows.filter(({ subject }) => subject === id)).toHaveLength(1)
        expect(await verify()).toMatchObject({ kind: 'whole', rows: 17 })
      } finally {
        await other.destroy()
      }
    })

    test('is one row, where the clock of the first was ahead', async () => {
      await append({ ...look, ...later(1) })
      await append(look)
      expect(await readRows()).toHaveLength(1)
    })

    test.each<[string, Partial<AuditEntry>]>([
      ['by another person', { keyId: randomUUID() }],
      ['at another subject', { subject: { kind: 'message', id: randomUUID() } }],
      ['at something else of it', { action: 'conversation.read' }],
      ['in a later stretch', later(15)],
      ['that is none', { isLook: false }],
      ['at nothing in particular', { subject: null }],
    ])('but a look %s has its own', async (_, change) => {
      await append(look)
      await append({ ...look, ...later(14) }, { ...look, ...change })
      expect(await readRows()).toHaveLength(2)
    })

    test('at what the last row was refused of has its own', async () => {
      await append({ ...look, isLook: false, outcome: 'forbidden' })
      await append(look)
      expect(await readRows()).toHaveLength(2)
    })

    test('is not hidden by a row that is not ours', async () => {
      await write(3)
      await sql`insert into audit (seq, at, client_id, key_id, action, subject_kind, subject, outcome, hash)
        values (1000000, ${NOW}, ${look.clientId}, ${look.keyId}, ${look.action}, 'message', ${id}, 'ok',
          sha256('x'))`.execute(postgres.db)
      await append(look)
      await sql`delete from audit where seq = 1000000`.execute(postgres.db)
      expect(await verify()).toMatchObject({ kind: 'whole', rows: 4 })
    })
  })

  describe('finds', () => {
    const ROWS = 60
    const run = (statement: ReturnType<typeof sql>) => statement.execute(postgres.db)
    beforeEach(() => write(ROWS))

    test.each([
      ['a name', sql`update audit set action = 'message.sent' where seq = 50`],
      ['a time', sql`update audit set at = at + interval '1 millisecond' where seq = 50`],
      ['an actor', sql`update audit set client_id = null where seq = 50`],
      ['a subject', sql`update audit set subject = ${randomUUID()} where seq = 50`],
      ['an outcome', sql`update audit set outcome = 'forbidden' where seq = 50`],
      ['a hash', sql`update audit set hash = sha256('') where seq = 50`],
    ])('%s that was changed', async (_what, statement) => {
      await run(statement)
      expect(await verify()).toMatchObject({
        kind: 'broken',
        seq: 50,
        reason: expect.stringContaining('not what'),
      })
    })

    test.each([1, 50])('row %i that was deleted', async (seq) => {
      await run(sql`delete from audit where seq = ${seq}`)
      expect(await verify()).toEqual({ kind: 'broken', seq, reason: 'it is missing' })
    })

    test('a row on its second page that was deleted', async () => {
      await write(2_000)
      await run(sql`delete from audit where seq = 2050`)
      expect(await verify()).toMatchObject({ kind: 'broken', seq: 2_050 })
    })

    test('a gap that was closed', async () => {
      await run(sql`delete from audit where seq = 7`)
      await run(sql`update audit set seq = -(seq - 1) where seq > 7`)
      await run(sql`update audit set seq = -seq where seq < 0`)
      expect(await verify()).toMatchObject({ kind: 'broken', seq: 7 })
    })

    test('two rows that changed places', async () => {
      await run(sql`update audit set seq = case seq when 5 then -6 else -5 end where seq in (5, 6)`)
      await run(sql`update audit set seq = -seq where seq < 0`)
      expect(await verify()).toMatchObject({ kind: 'broken', seq: 5 })
    })

    test('a chain computed anew without the key', async () => {
      let last = ORIGIN.hash
      await run(sql`update audit set action = 'message.sent' where seq = 59`)
      for (const row of await readRows()) {
        last = row.seq < 59 ? row.hash : hashLink(stranger, last, readLink(row))
        await run(sql`update audit set hash = ${last} where seq = ${row.seq} and hash <> ${last}`)
      }
      expect(await verify()).toMatchObject({ kind: 'broken', seq: 59 })
    })

    test('a tail that was cut off, with its mark as it was, set back, or gone', async () => {
      const [row] = await postgres.db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '=', ROWS - 1)
        .execute()
      await run(sql`delete from audit where seq = ${ROWS}`)
      const broken = { kind: 'broken', seq: ROWS }
      expect(await verify()).toMatchObject({ ...broken, reason: 'it is missing' })
      await run(sql`update audit_mark set seq = ${ROWS - 1}, hash = ${row?.hash}`)
      expect(await verify()).toMatchObject({
        ...broken,
        reason: expect.stringContaining('mark of its end'),
      })
      await run(sql`delete from audit_mark`)
      expect(await verify()).toMatchObject({ kind: 'broken', seq: 1 })
    })

    test('a tail that was cut off, after more was written', async () => {
      const last = (await readRows()).at(-2)
      await run(sql`delete from audit where seq = ${ROWS}`)
      await run(sql`update audit_mark set seq = ${ROWS - 1}, hash = ${last?.hash}`)
      await write(3)
      await write(3)
      expect(await verify()).toMatchObject({ kind: 'broken', seq: ROWS })
    })

    test('a mark that was taken away, after more was written', async () => {
      await run(sql`delete from audit_mark`)
      await write(3)
      await write(3)
      expect(await verify()).toMatchObject({ kind: 'broken', seq: ROWS + 1 })
    })

    test('that all was set back to an older copy, where a later end was noted', async () => {
      const before = await verify()
      await write(5)
      const noted = await verify()
      if (noted.kind !== 'whole' || before.kind !== 'whole') throw new Error('it is not whole')
      expect(await verify(before.head)).toEqual(noted)
      await run(sql`delete from audit where seq > ${ROWS}`)
      await postgres.db
        .updateTable('audit_mark')
        .set({ ...before.head, mac: vault.mac('audit mark 1', markText(before.head)) })
        .execute()
      expect(await verify()).toMatchObject({ kind: 'whole', rows: ROWS })
      expect(await verify(noted.head)).toMatchObject({ kind: 'broken', seq: ROWS + 1 })
      await write(5)
      expect(await verify(noted.head)).toMatchObject({ kind: 'broken', seq: ROWS + 5 })
    })
  })
})

function markText({ seq, hash }: { seq: number; hash: Buffer }): string {
  return JSON.stringify(['head', seq, hash.toString('hex')])
}
