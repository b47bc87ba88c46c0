import { setTimeout as delay } from 'node:timers/promises'
import { type Call, createCall } from './call.ts'
import type { RunningGateway } from './run-gateway.ts'

const CUSTOMERS = ['C-1001', 'C-1002', 'C-1003']
const MESSAGES = 60
const RECIPIENTS = 120
/** Simulated Twilio refuses it as one that nobody can reach. */
const DEAD = '0987654321'
/** What is on its way needs a moment to arrive. */
const SETTLE_MS = 6_000

/** A day at 幸福氣 in small: what the pages have to show, through the API as a producer would. */
export async function makeData(gateway: RunningGateway): Promise<void> {
  const call = createCall(gateway.url, gateway.apiKey)
  const simulator = (url: string, path: string, method: string, body: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  await simulator(gateway.providers.twilio, '/_script', 'PUT', {
    outcomes: [
      { status: 'delivered', weight: 19 },
      { status: 'undelivered', code: 30003, weight: 1 },
    ],
    numbers: { '+886987654321': { code: 21211 } },
  })
  await call('PUT', '/budgets', {
    scope: 'all',
    period: 'day',
    hard: false,
    unit: 'money',
    amount: '500.00',
  })
  await sendEach(call)
  await sendToMany(call)
  await call('PUT', `/opt-outs/${toPhone(7)}`, { reason: 'asked by telephone' })
  await call('PUT', `/consents/${toPhone(8)}`, {
    kind: 'marketing',
    granted: true,
    source: 'web form',
    wording_version: '2026-01',
  })
  await delay(SETTLE_MS)
  const text = { from: '+886912000003', body: '請問師傅幾點會到?' }
  await simulator(gateway.providers.twilio, '/_text', 'POST', text)
  await delay(SETTLE_MS)
}

async function sendEach(call: Call): Promise<void> {
  const numbers = Array.from({ length: MESSAGES }, (_, index) => index)
  for (const index of numbers) {
    const customer = CUSTOMERS[index % CUSTOMERS.length]
    await call('POST', '/send', {
      phone: index % 12 === 11 ? DEAD : toPhone(index),
      customer_id: customer,
      ...toContent(index),
    })
  }
}

function toContent(index: number): object {
  const order = `A${1000 + index}`
  if (index % 3 === 0) {
    return {
      message_type: 'order_confirmation',
      template_code: 'order_confirmation',
      template_data: {
        order_id: order,
        delivery_time: '14:00',
        driver_name: '王師傅',
        amount: '850',
      },
    }
  }
  if (index % 3 === 1) return { message_type: 'otp', message: `您的驗證碼是 ${100_000 + index}` }
  return { message_type: 'delivery_completed', message: `訂單 ${order} 已送達,謝謝您。` }
}

async function sendToMany(call: Call): Promise<void> {
  const rows = Array.from({ length: RECIPIENTS }, (_, index) => `${toPhone(100 + index)},C-1001`)
  const form = new FormData()
  form.set('name', '冬季瓦斯安檢')
  form.set('message_type', 'promotion')
  form.set('message', '冬季瓦斯安檢開始預約,回覆「退訂」可停止接收。')
  form.set(
    'file',
    new Blob([['phone,customer_id', ...rows, '12,C-1001', ',C-1002'].join('\n')]),
    'a.csv',
  )
  await call('POST', '/campaigns', form)
}

function toPhone(index: number): string {
  return `0912${String(index).padStart(6, '0')}`
}
