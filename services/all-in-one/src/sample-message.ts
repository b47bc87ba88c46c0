import { setTimeout as delay } from 'node:timers/promises'
import { MessageResponse } from '@sms-gateway/contracts/message-response'

const LIMIT_MS = 15_000
const POLL_MS = 50
/** An otp is exempt from quiet hours and urgent, so that a first start at night shows the same. */
const SAMPLE = {
  phone: '0912345678',
  message: '您好,這是簡訊閘道的測試訊息。',
  message_type: 'otp',
}

/** Sends one message through the running gateway, and tells its timeline as it grows. */
export async function sendSampleMessage(
  api: { url: string; key: string },
  tell: (line: string) => void,
): Promise<void> {
  const until = performance.now() + LIMIT_MS
  let message = await call(api, 'POST', '/sms/send', SAMPLE)
  let told = 0
  for (;;) {
    for (const { status, at, provider, detail } of message.events.slice(told)) {
      tell(
        `  ${at}  ${status.padEnd(10)} ${[provider, detail].filter(Boolean).join('  ')}`.trimEnd(),
      )
    }
    told = message.events.length
    if (message.status === 'delivered') return
    if (performance.now() > until) {
      // The limits, or a backlog from before: no reason not to serve.
      tell(
        `  ... it is ${message.status} after ${LIMIT_MS / 1000} s; ask for it by its id: ${message.id}`,
      )
      return
    }
    await delay(POLL_MS)
    message = await call(api, 'GET', `/sms/messages/${message.id}`)
  }
}

async function call(
  { url, key }: { url: string; key: string },
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<MessageResponse> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(LIMIT_MS),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`the sample message was answered ${response.status}`)
  return MessageResponse.parse(await response.json())
}
