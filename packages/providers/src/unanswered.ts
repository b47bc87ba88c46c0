import type { SendOutcome } from '@sms-gateway/domain/provider'
import type { Exchange } from './http-transport.ts'

export type Unanswered = Exclude<Exchange, { kind: 'answered' }>

/** A submission that no answer came to: only what was never written is proven not taken. */
export function toUnansweredOutcome(exchange: Unanswered): SendOutcome {
  switch (exchange.kind) {
    case 'unsent':
      return { kind: 'unsent' }
    case 'unreachable':
      return { kind: 'unreachable', code: exchange.code, detail: 'no connection could be made' }
    case 'lost':
      return { kind: 'in_doubt', code: exchange.code, detail: 'sent, and no whole answer came' }
  }
}

/** The same for a question, which may simply be asked again. */
export function toUnavailable(exchange: Unanswered): { kind: 'unavailable'; detail: string } {
  const reason = exchange.kind === 'unsent' ? 'not sent' : `${exchange.kind}, ${exchange.code}`
  return { kind: 'unavailable', detail: `the provider did not answer: ${reason}` }
}
