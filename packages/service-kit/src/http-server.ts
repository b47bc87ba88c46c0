import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import express, { type Express } from 'express'
import { answerBrokenRequest } from './broken-request.ts'

export interface HttpAppOptions {
  /** Express's `trust proxy`: which hops may say who the client is. */
  trustProxy?: boolean | number | string
}

interface MessageClasses {
  IncomingMessage: typeof IncomingMessage
  ServerResponse: typeof ServerResponse<IncomingMessage>
}

const classesOf = new WeakMap<Express, MessageClasses>()

/**
 * An Express app whose requests are born with Express's methods, once it is served by {@link listen}.
 * Express sets the prototype of every request and response, which costs Node 20 three quarters of its speed;
 * here the prototype is already the right one, so there is nothing to set. A mounted app (not a Router) sets
 * its own prototypes again and loses that: mount Routers.
 */
export function createHttpApp({ trustProxy }: HttpAppOptions = {}): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  if (trustProxy !== undefined) app.set('trust proxy', trustProxy)

  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  carryMethods(AppRequest.prototype, express.request, app)
  carryMethods(AppResponse.prototype, express.response, app)
  // Object.assign, because the types of Express know these two as finished objects.
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype })
  classesOf.set(app, { IncomingMessage: AppRequest, ServerResponse: AppResponse })
  return app
}

function carryMethods(target: object, methods: object, app: Express): void {
  Object.defineProperties(target, {
    ...Object.getOwnPropertyDescriptors(methods),
    app: { value: app, configurable: true, enumerable: true, writable: true },
  })
}

export interface ListenOptions {
  host: string
  port: number
  /** The whole request, body included, must be in by then. */
  requestTimeoutMs?: number
}

const SECOND = 1_000
const HEADERS_TIMEOUT_MS = 10 * SECOND
/** For an upload that is read as a stream; a body that is read whole has a minute: see `readBytes`. */
const REQUEST_TIMEOUT_MS = 3_600 * SECOND
/** Longer than the 60 s after which proxies drop an idle connection, so that the proxy is the one who closes. */
const KEEP_ALIVE_TIMEOUT_MS = 65 * SECOND

/** Resolves when the port is open; rejects with one line that tells the operator what to do. */
export function listen(
  app: Express,
  { host, port, requestTimeoutMs = REQUEST_TIMEOUT_MS }: ListenOptions,
): Promise<Server> {
  const server = createServer(
    {
      ...classesOf.get(app),
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: SECOND,
    },
    app,
  )
  server.on('clientError', answerBrokenRequest)
  server.on('connection', (socket) => serverOf.set(socket, server))
  return new Promise((resolve, reject) => {
    const refuse = (err: NodeJS.ErrnoException) => {
      reject(new Error(explain(err, host, port), { cause: err }))
    }
    server.once('error', refuse)
    // Not app.listen: it would report a port in use to its callback as if all were well.
    server.listen(port, host, () => {
      server.off('error', refuse)
      resolve(server)
    })
  })
}

function explain({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') {
    return `port ${port} is taken: stop what uses it, or set PORT to another`
  }
  if (code === 'EACCES') return `port ${port} needs rights this process lacks: set PORT to another`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `this machine has no address ${host}: set HOST to one it has, such as 127.0.0.1`
  }
  return message
}

const serverOf = new WeakMap<Socket, Server>()
const endless = new WeakMap<Server, Set<() => void>>()

/** For an answer that has no end of its own: when its server is to close, `end` is called. */
export function endOnDrain(res: ServerResponse, end: () => void): void {
  const server = res.socket && serverOf.get(res.socket)
  if (!server) return
  if (closings.has(server)) {
    end()
    return
  }
  const ends = endless.get(server) ?? new Set()
  endless.set(server, ends.add(end))
  res.once('close', () => ends.delete(end))
}

const IDLE_CHECK_MS = 50

const closings = new WeakMap<Server, Promise<void>>()

/**
 * Takes no more connections, closes the idle ones, and lets the requests in flight finish until the limit;
 * then cuts what is left. Safe to call again: it is one close.
 */
export function closeServer(server: Server, limitMs: number): Promise<void> {
  const closing = closings.get(server) ?? drain(server, limitMs)
  closings.set(server, closing)
  return closing
}

function drain(server: Server, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    // Requests on connections that are still open are the last of theirs.
    server.prependListener('request', (_req, res) => res.setHeader('connection', 'close'))
    for (const end of endless.get(server) ?? []) end()
    // A kept-alive connection falls idle when its answer is out, and nothing but this tells it to close.
    const idleCheck = setInterval(() => {
      server.closeIdleConnections()
    }, IDLE_CHECK_MS)
    const limit = setTimeout(() => {
      server.closeAllConnections()
    }, limitMs)
    // The error says that it was not running: closed is closed.
    server.close(() => {
      clearInterval(idleCheck)
      clearTimeout(limit)
      resolve()
    })
  })
}
