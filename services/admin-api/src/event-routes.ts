import { type Request, type Response, Router } from 'express'
import { EventsQuery } from '@sms-gateway/contracts/overview'
import type { MessageId } from '@sms-gateway/domain/ids'
import {
  type Authenticate,
  clientOf,
  ownerOf,
  requireScope,
} from '@sms-gateway/service-kit/api-auth'
import { readCredential } from '@sms-gateway/service-kit/credential'
import { openEventStream } from '@sms-gateway/service-kit/event-stream'
import { HttpProblem, parseRequest, unavailable } from '@sms-gateway/service-kit/problem'
import type { LiveFeed } from './live-feed.ts'
import type { LiveListener } from './live-page.ts'
import { seesOperating } from './operators-words.ts'

export interface EventDeps {
  authenticate: Authenticate
  feed: LiveFeed
}

const EVENTS = '/api/v1/sms/events'
const MOST_STREAMS = 1_000
const MOST_OF_A_KEY = 20
/** Over all pages: what one question for all of them may name. */
const MOST_WATCHED = 5_000
const MOST_WATCHED_OF_A_KEY = MOST_WATCHED / 10
const RETRY_AFTER_SECONDS = 10

export function eventRoutes({ authenticate, feed }: EventDeps): Router {
  const mayRead = requireScope(authenticate, 'read')
  return Router().get(EVENTS, mayRead, (req, res) => {
    const { messages = [] } = parseRequest(EventsQuery, req.query)
    const listener = toListener(req, res, messages)
    refuseMore(feed, listener)
    if (req.method === 'HEAD') res.type('text/event-stream').end()
    else feed.attach(listener, openEventStream(res))
  })
}

function toListener(req: Request, res: Response, messages: readonly MessageId[]): LiveListener {
  const credential = readCredential(req)
  if (!credential) throw new Error('the route has no requireScope before it')
  const client = clientOf(res)
  return {
    ...{ owner: ownerOf(client) ?? null, operates: seesOperating(client) },
    ...{ credential, messages, address: req.ip ?? '' },
    keyId: client.keyId,
    lastEventId: req.get('last-event-id') ?? '',
  }
}

/** Pages that nobody closed come back for ever: those of one must not keep everybody else out. */
function refuseMore({ pages }: LiveFeed, { keyId, messages }: LiveListener): void {
  // By the key, whoever has signed in with it: a new session is a sign-in away.
  const ofSame = [...pages].filter((page) => page.keyId === keyId)
  const watchedOfSame = countWatched(ofSame) + messages.length
  if (ofSame.length >= MOST_OF_A_KEY || watchedOfSame > MOST_WATCHED_OF_A_KEY) {
    const detail = `The API key, with its sessions, may have ${MOST_OF_A_KEY} streams open at this process, which name ${MOST_WATCHED_OF_A_KEY} messages: close one.`
    const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) }
    throw new HttpProblem('too-many-requests', detail, { headers })
  }
  const watched = countWatched([...pages]) + messages.length
  if (pages.size >= MOST_STREAMS || watched > MOST_WATCHED) {
    const detail = 'As many pages are open at this process as it serves: come again.'
    throw unavailable('overloaded', detail, RETRY_AFTER_SECONDS)
  }
}

function countWatched(pages: readonly LiveListener[]): number {
  return pages.reduce((sum, page) => sum + page.messages.length, 0)
}
