import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { insertUnrepeated } from '@sms-gateway/db/insert-unrepeated'
import type { BudgetsInForce } from '@sms-gateway/db/reserve-budgets'
import { createBudgetBook } from '@sms-gateway/domain/budget-book'
import { onEachPostgres } from './on-each-postgres.ts'
import { buildMessage, CLIENT, vault } from './support.ts'

onEachPostgres((postgres) => {
  test('what repeats a text that no budget had room for is a repeat of nothing', async () => {
    const { phone, text } = buildMessage()
    const poor = randomUUID()
    const inForce: BudgetsInForce = {
      timeZone: 'Asia/Taipei',
      book: createBudgetBook([
        {
          scope: 'customer',
          clientId: CLIENT,
          key: poor,
          period: 'day',
          unit: 'messages',
          hard: true,
          amount: 0,
        },
      ]),
    }
    const customers = [poor, poor, 'rich', poor, 'rich']
    const messages = customers.map((customerId) => buildMessage({ phone, text, customerId }))
    const stored = await insertUnrepeated(
      postgres.db,
      vault,
      messages.map((message) => ({ message })),
      { windowSeconds: 600, inForce },
    )
    const first = messages[2]?.id
    expect(stored).toEqual([
      { kind: 'unaffordable' },
      { kind: 'unaffordable' },
      { kind: 'stored' },
      { kind: 'repeats', first },
      { kind: 'repeats', first },
    ])
  })
})
