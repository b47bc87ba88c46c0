import { createBullBoard } from '@bull-board/api'
import { ExpressAdapter } from '@bull-board/express'
import { type RequestHandler, Router } from 'express'
import type { Backend } from '@sms-gateway/queue/backend'
import { type BoardQueues, openBoardQueues } from '@sms-gateway/queue/board-queues'
import { type Authenticate, requireScope } from '@sms-gateway/service-kit/api-auth'
import type { Logger } from '@sms-gateway/service-kit/logger'
import { boardPolicy } from '@sms-gateway/service-kit/page-security'
import { HttpProblem, unavailable } from '@sms-gateway/service-kit/problem'

export interface QueueBoardDeps {
  authenticate: Authenticate
  backend: Pick<Backend, 'createQueue'>
  logger: Logger
}

export interface QueueBoard {
  router: Router
  close: () => Promise<void>
}

/** Below the path of the sessions' cookie. */
const QUEUES = '/api/v1/sms/queues'
const ANSWER_LIMIT_MS = 10_000
const RETRY_AFTER_SECONDS = 10

/** BullMQ's own board, for admins, to look at. Its queues are opened when somebody does. Jobs hold ids and nothing else. */
export function createQueueBoard({ authenticate, backend, logger }: QueueBoardDeps): QueueBoard {
  let opened: { queues: BoardQueues; board: RequestHandler } | undefined
  const open = () => {
    const queues = openBoardQueues(backend, (err) => {
      logger.error({ err }, 'queue connection of the board')
    })
    const serverAdapter = new ExpressAdapter()
    serverAdapter.setBasePath(QUEUES)
    createBullBoard({ queues: queues.adapters, serverAdapter })
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- an Express app, which the package types as any
    return { queues, board: serverAdapter.getRouter() as RequestHandler }
  }
  const show: RequestHandler = (req, res, next) => {
    opened ??= open()
    opened.board(req, res, next)
  }
  return {
    router: Router().use(
      QUEUES,
      requireScope(authenticate, 'admin'),
      onlyReads,
      boardPolicy(),
      limitWait,
      show,
    ),
    async close() {
      await opened?.queues.close()
    },
  }
}

const onlyReads: RequestHandler = (req, _res, next) => {
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    const detail =
      'The board is to look at: messages are cancelled and sent again by their own routes.'
    throw new HttpProblem('method-not-allowed', detail, { headers: { allow: 'GET, HEAD' } })
  }
  next()
}

/** BullMQ waits for its store for ever. */
const limitWait: RequestHandler = (_req, res, next) => {
  const timer = setTimeout(() => {
    if (res.headersSent) return
    next(unavailable('queue-unavailable', 'The queue does not answer.', RETRY_AFTER_SECONDS))
  }, ANSWER_LIMIT_MS)
  res.once('close', () => {
    clearTimeout(timer)
  })
  next()
}
