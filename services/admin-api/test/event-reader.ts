import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { CleanUp } from '../../all-in-one/test-support/clean-up.ts'
import { API_KEY } from '../../all-in-one/test-support/settings.ts'
import { until } from '../../all-in-one/test-support/until.ts'

export interface SeenEvent {
  id: string | undefined
  name: string
  data: unknown
}

export interface Reader {
  status: number
  headers: IncomingMessage['headers']
  events: SeenEvent[]
  isOver: () => boolean
  /** The last event that it got an id with, as a browser keeps it. */
  lastId: () => string
  untilEvent: (what: string, isIt: (event: SeenEvent) => boolean) => Promise<SeenEvent>
  leave: () => Promise<void>
}

export interface ReaderOptions {
  key?: string
  /** Instead of a key. */
  cookie?: string
  messages?: readonly string[]
  lastEventId?: string
}

/** A page that listens, as a browser does but for its coming back. */
export async function listenTo(
  cleanUp: CleanUp,
  url: string,
  { key = API_KEY, cookie, messages = [], lastEventId }: ReaderOptions = {},
): Promise<Reader> {
  const query = messages.length > 0 ? `?messages=${messages.join(',')}` : ''
  const request = get(`${url}/api/v1/sms/events${query}`, {
    agent: false,
    headers: {
      ...(cookie === undefined ? { authorization: `Bearer ${key}` } : { cookie }),
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  })
  request.on('error', () => undefined)
  cleanUp(() => {
    request.destroy()
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const events: SeenEvent[] = []
  let over = false
  let text = ''
  response.setEncoding('utf8')
  response.on('data', (part: string) => {
    const blocks = (text + part).split('\n\n')
    text = blocks.pop() ?? ''
    events.push(...blocks.flatMap(readBlock))
  })
  response.on('close', () => (over = true))
  response.on('error', () => undefined)
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    isOver: () => over,
    lastId: () => events.findLast(({ id }) => id !== undefined)?.id ?? '',
    untilEvent: (what, isIt) => until(what, () => events.find(isIt)),
    async leave() {
      request.destroy()
      await until('the stream is over', () => over)
    },
  }
}

function readBlock(block: string): SeenEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => {
      const [name = '', ...rest] = line.split(': ')
      return [name, rest.join(': ')]
    }),
  )
  const name = fields.get('event')
  if (name === undefined) return []
  return [{ id: fields.get('id'), name, data: JSON.parse(fields.get('data') ?? 'null') }]
}
