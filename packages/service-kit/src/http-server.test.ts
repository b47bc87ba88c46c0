import { Agent, get, type IncomingMessage, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { Router } from 'express'
import { openApp, type TestServer } from '../test-support/open-app.ts'
import { closeServer, createHttpApp, listen } from './http-server.ts'

const opened: (TestServer | Server)[] = []
afterEach(async () => {
  for (const server of opened.splice(0)) {
    await ('url' in server ? server.close() : closeServer(server, 50))
  }
})

async function open(app = createHttpApp()) {
  const server = await openApp(app)
  opened.push(server)
  return server
}

describe('createHttpApp', () => {
  test('has all of Express: params, query, routers, locals, and no traces of it', async () => {
    const app = createHttpApp()
    const router = Router().get('/items/:id', (req, res) => {
      res.locals['seen'] = true
      res.status(202).json({
        id: req.params['id'],
        query: req.query,
        host: req.hostname,
        own: req.app === app && res.app === app && res.req === req,
      })
    })
    app.use(router)
    const { url } = await open(app)
    const res = await fetch(`${url}/items/7?a=1&b[c]=2`)
    expect(res.status).toBe(202)
    expect(await res.json()).toEqual({
      id: '7',
      query: { a: '1', 'b[c]': '2' },
      host: '127.0.0.1',
      own: true,
    })
    expect(res.headers.get('x-powered-by')).toBeNull()
    expect(res.headers.get('etag')).toBeNull()
  })

  test('gives requests their prototype before Express does', async () => {
    const app = createHttpApp()
    app.get('/', (req, res) => {
      res.json([
        Object.getPrototypeOf(req) === app.request,
        Object.getPrototypeOf(res) === app.response,
        Object.getPrototypeOf(req).constructor.name,
      ])
    })
    const { url } = await open(app)
    const answer = await fetch(url)
    expect(await answer.json()).toEqual([true, true, 'AppRequest'])
  })

  test('still serves a mounted app', async () => {
    const app = createHttpApp()
    const inner = createHttpApp()
    inner.get('/x', (req, res) => {
      res.json(req.app === inner)
    })
    app.use('/inner', inner)
    app.get('/y', (req, res) => {
      res.json(req.app === app)
    })
    const { url } = await open(app)
    expect(await (await fetch(`${url}/inner/x`)).json()).toBe(true)
    expect(await (await fetch(`${url}/y`)).json()).toBe(true)
  })

  test.each([
    [undefined, '127.0.0.1'],
    ['loopback', '203.0.113.7'],
  ])('believes a proxy only where it is told to: %s', async (trustProxy, expected) => {
    const app = createHttpApp(trustProxy === undefined ? {} : { trustProxy })
    app.get('/', (req, res) => {
      res.json(req.ip)
    })
    const { url } = await open(app)
    const res = await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(await res.json()).toBe(expected)
  })
})

describe('listen', () => {
  test('says in one line that the port is taken', async () => {
    const { port } = await open()
    await expect(listen(createHttpApp(), { host: '127.0.0.1', port })).rejects.toThrow(
      `port ${port} is taken: stop what uses it, or set PORT to another`,
    )
  })

  test('says that the address is not one of this machine', async () => {
    await expect(listen(createHttpApp(), { host: '203.0.113.1', port: 0 })).rejects.toThrow(
      'no address 203.0.113.1: set HOST',
    )
  })

  test('sets the time limits of Node, and cuts a request that dawdles', async () => {
    const server = await listen(createHttpApp(), {
      host: '127.0.0.1',
      port: 0,
      requestTimeoutMs: 300,
    })
    opened.push(server)
    expect(server.keepAliveTimeout).toBeGreaterThan(60_000)
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await talk(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab')).toMatch(
      /^HTTP\/1.1 400 [^]*did not arrive in time/,
    )
  })

  test.each([
    ['is no HTTP', 'what is this\r\n\r\n', 'not HTTP'],
    ['has headers too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 'too large'],
  ])('answers what %s with a problem and a request id', async (_name, sent, detail) => {
    const { port } = await open()
    const answer = await talk(port, sent)
    expect(answer).toMatch(/^HTTP\/1.1 400 [^]*X-Request-Id: [0-9a-f-]{36}/)
    expect(answer).toContain('application/problem+json')
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      code: 'invalid-request',
      status: 400,
      detail: expect.stringContaining(detail),
    })
  })
})

/** Everything the server says until it closes. */
function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk) => (answer += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(answer)
    })
  })
}

describe('closeServer', () => {
  /** Its answer comes when the test says so. */
  async function openSlow() {
    let started = () => {}
    let finish = () => {}
    const begun = new Promise<void>((resolve) => {
      started = resolve
    })
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const app = createHttpApp()
    app.get('/', async (_req, res) => {
      started()
      await finished
      res.json('done')
    })
    const server = await listen(app, { host: '127.0.0.1', port: 0 })
    opened.push(server)
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    return { server, url, begun, finish }
  }

  test('lets the request in flight finish, and takes no more', async () => {
    const { server, url, begun, finish } = await openSlow()
    // Neither side ends a connection because it is idle: who waited for that would wait for ever.
    server.keepAliveTimeout = 0
    const agent = new Agent({ keepAlive: true })
    const answer = new Promise<string>((resolve, reject) => {
      get(url, { agent }, (res) => {
        res.on('data', (chunk: Buffer) => {
          resolve(chunk.toString())
        })
      }).on('error', reject)
    })
    await begun
    const closing = closeServer(server, 600_000)
    await expect(fetch(url)).rejects.toThrow()
    finish()
    expect(await answer).toBe('"done"')
    await Promise.all([closing, closeServer(server, 600_000)])
    agent.destroy()
  })

  test('cuts what is left after the limit', async () => {
    const { server, url, begun } = await openSlow()
    const answer = new Promise((_, reject) => {
      get(url, (res: IncomingMessage) => res.resume()).on('error', reject)
    })
    const cut = expect(answer).rejects.toThrow()
    await begun
    await closeServer(server, 50)
    await cut
  })

  test('is done at once with a server that is closed', async () => {
    const { server } = await openSlow()
    await closeServer(server, 600_000)
    await closeServer(server, 600_000)
  })
})
