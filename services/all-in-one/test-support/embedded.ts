import { MessageResponse } from '@sms-gateway/contracts/message-response'
import type { CleanUp } from './clean-up.ts'
import { findFreePort } from './free-port.ts'
import type { ServiceProcess } from './service-process.ts'
import { spawnService } from './service-process.ts'
import type { Variables } from './settings.ts'
import { until } from './until.ts'

/** What `npm start` runs, with nothing given to it but where to keep its data. */
export interface EmbeddedStart {
  process: ServiceProcess
  url: string
  /** As it was printed for the person at the terminal. */
  apiKey: string
}

export async function startEmbedded(
  dataDir: string,
  cleanUp: CleanUp,
  env: Variables = {},
): Promise<EmbeddedStart> {
  const port = await findFreePort()
  const variables = {
    PATH: process.env['PATH'] ?? '',
    SMS_DATA_DIR: dataDir,
    PORT: String(port),
    SMS_QUIET_HOURS: 'off',
    SMS_RATE_LIMIT_PER_MINUTE: '0',
    SHUTDOWN_LIMIT_MS: '60000',
    ...env,
  }
  const service = spawnService('all-in-one', variables, cleanUp)
  const url = await until('it says that it is ready', async () => {
    const said = service.output()
    const ready = /^ready (\S+)$/m.exec(said)?.[1]
    if (ready !== undefined) return ready
    if (await hasEnded(service)) throw new Error(`it ended:\n${said}`)
    return undefined
  })
  const apiKey = /^API key +(\S+)$/m.exec(service.output())?.[1] ?? ''
  return { process: service, url, apiKey }
}

async function hasEnded({ exited }: ServiceProcess): Promise<boolean> {
  const pending = Symbol()
  return (await Promise.race([exited, Promise.resolve(pending)])) !== pending
}

/** The timeline of the sample message, as it was printed. */
export function readTimeline(output: string): string[] {
  return [...output.matchAll(/^ {2}\d{4}-\S+Z +([a-z]+)/gm)].map(([, status = '']) => status)
}

/** By nothing but `fetch`, as the README tells a newcomer. */
export async function sendByFetch(
  { url, apiKey }: EmbeddedStart,
  body: Record<string, unknown>,
): Promise<MessageResponse> {
  const response = await fetch(`${url}/api/v1/sms/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return MessageResponse.parse(await response.json())
}

export async function findByFetch(
  { url, apiKey }: EmbeddedStart,
  id: string,
): Promise<MessageResponse> {
  const response = await fetch(`${url}/api/v1/sms/messages/${id}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  })
  return MessageResponse.parse(await response.json())
}
