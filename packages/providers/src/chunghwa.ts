import axios, { type AxiosAdapter } from 'axios'
import type { Phone } from '@sms-gateway/domain/phone'
import { toLocalTaiwan } from '@sms-gateway/domain/phone'
import type { PartOutcome, Provider, Submission } from '@sms-gateway/domain/provider'
import { readQueryReply, readSubmitReply } from './chunghwa-outcome.ts'
import { type ChunghwaPart, splitForChunghwa, toChunghwaParts } from './chunghwa-parts.ts'
import {
  createHttpTransport,
  type Exchange,
  type ExchangeLimits,
  type HttpTransport,
} from './http-transport.ts'
import { waitForWindow } from './send-window.ts'

export interface ChunghwaConfig {
  account: string
  password: string
  baseUrl?: string
  timeoutMs: number
  /** Few: parallel connections lock a prepaid account (code 37). */
  connections?: number
  /** PEM: the chain of Chunghwa's port 4443 may be incomplete. */
  ca?: string
}

type Form = Record<string, string>

const BASE_URL = 'https://imsp.emome.net:4443'
const CONNECTIONS = 2
const MAX_VALIDITY_MINUTES = 1_440

/** Chunghwa IMSP SMS v3.2: form in, HTML out, receipts by asking. */
export function createChunghwa(config: ChunghwaConfig, now = () => new Date()): Provider {
  const transport = createHttpTransport({
    baseUrl: config.baseUrl ?? BASE_URL,
    connections: config.connections ?? CONNECTIONS,
    // A submission that is written into a connection's close is in doubt for three days: nobody can be asked.
    reuseConnections: false,
    ...(config.ca === undefined ? {} : { ca: config.ca }),
  })
  const { account, password, timeoutMs } = config
  const post = createPost(transport)

  return {
    name: 'chunghwa',
    countParts: (text) => splitForChunghwa(text).length,

    // Side by side: each part must leave before `sendBy`, or is unsent and can be repeated alone.
    async send(submission, limits) {
      const { attempt, to, text, expiresAt } = submission
      const allParts = toChunghwaParts(text, attempt.messageId)
      const validity = toValidityMinutes(expiresAt, now())
      return Promise.all(
        listPartNumbers(submission, allParts.length).map(
          async (number, index): Promise<PartOutcome> => {
            const part = allParts[number - 1]
            if (part === undefined) throw new Error(`the text has no part ${number}`)
            const form = { account, password, ...toSubmitFields(to, part, validity) }
            const sendBy = await waitForWindow(limits, index)
            const { signal } = limits
            const exchange = await post('SubmitSM', form, { sendBy, signal, timeoutMs })
            return { part: number, outcome: readSubmitReply(exchange, toLocalTaiwan(to)) }
          },
        ),
      )
    },

    async poll({ reference, to }, signal) {
      const number = toLocalTaiwan(to)
      const form = { account, password, to_addr_type: '0', to_addr: number, messageid: reference }
      const exchange = await post('QuerySM', form, { signal, timeoutMs })
      return readQueryReply(exchange, reference, number)
    },

    close: () => transport.close(),
  }
}

/** All fields of the manual's example, in its order. */
function toSubmitFields(to: Phone, { dcs, udhi, hex }: ChunghwaPart, validity: number): Form {
  return {
    from_addr_type: '0',
    from_addr: '',
    to_addr_type: '0',
    to_addr: toLocalTaiwan(to),
    msg_expire_time: String(validity),
    msg_type: '0',
    msg_dcs: String(dcs),
    msg_pclid: '0',
    msg_udhi: String(udhi),
    msg: hex,
    dest_port: '0',
  }
}

function listPartNumbers({ parts }: Submission, total: number): readonly number[] {
  return parts ?? Array.from({ length: total }, (_, index) => index + 1)
}

/** 0 is Chunghwa's longest, a day. */
function toValidityMinutes(expiresAt: Date, now: Date): number {
  const minutes = Math.ceil((expiresAt.getTime() - now.getTime()) / 60_000)
  return minutes >= MAX_VALIDITY_MINUTES ? 0 : Math.max(minutes, 1)
}

function createPost(transport: HttpTransport) {
  const client = axios.create({
    headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
  })
  return async (servlet: string, form: Form, limits: ExchangeLimits): Promise<Exchange> => {
    const path = `/imsp/sms/servlet/${servlet}`
    const body = new URLSearchParams(form).toString()
    const response = await client.post<Exchange>(path, body, {
      adapter: toAdapter(transport, limits),
    })
    return response.data
  }
}

/** axios makes the request; the answer, or what became of it, is the exchange itself, never an exception. */
function toAdapter(transport: HttpTransport, limits: ExchangeLimits): AxiosAdapter {
  return async (config) => {
    const exchange = await transport.exchange(
      {
        method: 'POST',
        path: config.url ?? '/',
        headers: toHeaders(config.headers.toJSON()),
        body: String(config.data),
      },
      limits,
    )
    const status = exchange.kind === 'answered' ? exchange.status : 0
    return { data: exchange, status, statusText: '', headers: {}, config }
  }
}

function toHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
  )
}
