import { setTimeout as delay } from 'node:timers/promises'
import { expect } from '@jest/globals'
import { MessageResponse } from '@sms-gateway/contracts/message-response'
import { newPhone, newText } from './people.ts'
import { countTaken } from './taken.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

/** Messages that a producer sends while the gateway is killed under it. */
export interface Rush {
  /** Of those answered so far. */
  countAccepted(): number
  /** Resolves when every message was answered 202, or given up. */
  finished: Promise<void>
  messages: readonly RushMessage[]
}

export interface RushMessage {
  text: string
  /** Repeated under one key until it is answered; the others are sent once. */
  repeated: boolean
  /** `undefined` where no 202 was read. */
  id: string | undefined
}

export interface RushOptions {
  count: number
  side: number
  /** Between one message and the next of each of the `side` that send side by side. */
  pauseMs: number
}

const REPEAT_MS = 200
const REPEAT_LIMIT_MS = 100_000

/** Half of the messages are sent as a careful producer does it: repeated under a key until they are answered. */
export function startRush(world: World, { count, side, pauseMs }: RushOptions): Rush {
  const messages = Array.from({ length: count }, (_, index): RushMessage => ({
    text: newText(),
    repeated: index % 2 === 0,
    id: undefined,
  }))
  const waiting = [...messages]
  const sendNext = async (): Promise<void> => {
    for (let message = waiting.shift(); message; message = waiting.shift()) {
      message.id = message.repeated
        ? await sendRepeatedly(world, message.text)
        : await sendOnce(world, message.text)
      await delay(pauseMs)
    }
  }
  const finished = Promise.all(Array.from({ length: side }, sendNext)).then(() => undefined)
  finished.catch(() => undefined)
  return {
    countAccepted: () => messages.filter(({ id }) => id !== undefined).length,
    finished,
    messages,
  }
}

async function sendOnce(
  { api }: World,
  text: string,
  headers = {},
  phone = newPhone().local,
): Promise<string | undefined> {
  const body = { phone, message: text, message_type: 'order_confirmation' }
  const answer = await api.call('/api/v1/sms/send', { body, headers }).catch(() => undefined)
  if (answer?.status !== 202) return undefined
  return MessageResponse.parse(answer.json).id
}

async function sendRepeatedly(world: World, text: string): Promise<string> {
  const phone = newPhone().local
  const headers = { 'idempotency-key': `key-of-${encodeURIComponent(text)}` }
  const deadline = Date.now() + REPEAT_LIMIT_MS
  for (;;) {
    const id = await sendOnce(world, text, headers, phone)
    if (id !== undefined) return id
    if (Date.now() > deadline)
      throw new Error('not accepted in time, however often it was repeated')
    await delay(REPEAT_MS)
  }
}

/** Every message answered 202 is delivered, and no provider has taken any message twice. */
export async function expectAllDeliveredOnce(
  world: World,
  rush: Rush,
  limitMs: number,
): Promise<void> {
  await rush.finished
  await until(
    'every message that has a row is delivered',
    async () => {
      const rows = await world.stores.query(
        `select from message where status <> 'delivered' limit 1`,
      )
      return rows.length === 0
    },
    limitMs,
  ).catch(async (err: unknown) => {
    throw new Error(`left behind: ${await describeLeft(world)}`, { cause: err })
  })
  const rows = await world.stores.query<{ id: string }>('select id from message')
  const stored = new Set(rows.map(({ id }) => id))
  const accepted = rush.messages.filter(({ id }) => id !== undefined)
  expect(accepted.filter(({ id }) => !stored.has(id ?? ''))).toEqual([])

  const wrong = rush.messages.flatMap(({ text, id, repeated }) => {
    const taken = countTaken(world, text)
    const total = taken.twilio + taken.chunghwa
    const isRight = id === undefined ? total <= 1 : total === 1
    return isRight ? [] : [{ id, repeated, ...taken }]
  })
  expect(wrong).toEqual([])
  const duplicates = await world.stores.query('select id from message where possible_duplicate')
  expect(duplicates).toEqual([])
}

/** What is not delivered, with the way it went. */
async function describeLeft({ stores }: World): Promise<string> {
  const rows = await stores.query(
    `select id, status, in_doubt, provider, error_code, hold_reason, array(
       select concat_ws(' ', e.status, e.provider, e.error_code, e.detail) from message_event e
       where e.message_id = m.id order by e.id) as events
     from message m where status <> 'delivered' order by id limit 3`,
  )
  return JSON.stringify(rows)
}
