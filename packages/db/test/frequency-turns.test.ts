import { randomInt } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { takeTurns, type TurnRequest } from '@sms-gateway/db/frequency-turns'
import { createMessageId } from '@sms-gateway/domain/ids'
import { Phone } from '@sms-gateway/domain/phone'
import { onEachPostgres } from './on-each-postgres.ts'
import { NOW, vault } from './support.ts'

const CAP = { count: 3, hours: 24 }

function newPhone(): Phone {
  return Phone.parse(`+8869${randomInt(10_000_000, 99_999_999)}`)
}

function ask(phone: Phone, changes: Partial<TurnRequest> = {}): TurnRequest {
  return { messageId: createMessageId(NOW), phone, kind: 'service', cap: CAP, at: NOW, ...changes }
}

onEachPostgres((postgres) => {
  test('gives as many turns as the cap says, whoever asks at once', async () => {
    const people = [newPhone(), newPhone(), newPhone()]
    const batches = Array.from({ length: 12 }, (_, index) =>
      // In another order each, which must not deadlock.
      (index % 2 === 0 ? people : people.toReversed()).map((phone) => ask(phone)),
    )
    const turns = await Promise.all(
      batches.map((batch) => takeTurns(postgres.db, vault, batch, [])),
    )
    for (const phone of people) {
      const given = batches.flatMap((batch, index) =>
        (turns[index] ?? []).filter(
          ({ kind }, place) => kind === 'go' && batch[place]?.phone === phone,
        ),
      )
      expect(given).toHaveLength(CAP.count)
    }
  })

  test('counts those that are asked for together', async () => {
    const phone = newPhone()
    const requests = Array.from({ length: 5 }, () => ask(phone))
    const turns = await takeTurns(postgres.db, vault, requests, [])
    expect(turns.map(({ kind }) => kind)).toEqual(['go', 'go', 'go', 'hold', 'hold'])
  })

  test('a message that asks again takes no second turn, and kinds have their own', async () => {
    const phone = newPhone()
    const first = ask(phone)
    for (let times = 0; times < 5; times++) {
      expect(await takeTurns(postgres.db, vault, [first], [])).toEqual([{ kind: 'go' }])
    }
    const others = [ask(phone), ask(phone), ask(phone), ask(phone, { kind: 'marketing' })]
    const turns = await takeTurns(postgres.db, vault, others, [])
    expect(turns.map(({ kind }) => kind)).toEqual(['go', 'go', 'hold', 'go'])
  })
})
