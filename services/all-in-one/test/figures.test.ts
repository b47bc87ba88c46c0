import { expect, test } from '@jest/globals'
import { StatsResponse } from '@sms-gateway/contracts/stats'
import { cleanUpAfterAll } from '../test-support/clean-up.ts'
import { newPhone, newText } from '../test-support/people.ts'
import { until } from '../test-support/until.ts'
import { startGateway } from '../test-support/world.ts'

// Figures are counted in PostgreSQL, wherever the queue is: one backend is enough.
const cleanUp = cleanUpAfterAll()

test('the figures follow what is sent, by themselves', async () => {
  const { api } = await startGateway('postgres', cleanUp)
  const sent = await Promise.all(
    [1, 2, 3].map(() =>
      api.send({ phone: newPhone().local, message: newText(), message_type: 'otp' }),
    ),
  )
  for (const { id } of sent) await api.untilStatus(id, 'delivered')
  const stats = await until('the figures have all three', async () => {
    const { json } = await api.call('/api/v1/sms/stats?group_by=provider')
    const parsed = StatsResponse.parse(json)
    return parsed.totals.delivered === 3 && parsed
  })
  const cost = sent.reduce((sum, each) => sum + Number(each.cost.amount), 0).toFixed(2)
  expect(stats.data).toEqual([{ group: { provider: 'twilio' }, ...stats.totals }])
  expect(stats.totals).toMatchObject({
    total: 3,
    sent: 3,
    failed: 0,
    success_rate: 1,
    cost: { amount: cost, currency: 'TWD' },
  })
  expect(stats.totals.delivery_seconds?.p50).toBeGreaterThan(0)
})
