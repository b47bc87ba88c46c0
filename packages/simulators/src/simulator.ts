import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createAnswerGate } from './answer-gate.ts'
import { drawMishap } from './mishap.ts'
import { createRandom } from './random.ts'
import { drawMs, patchScript, Script, ScriptPatch } from './script.ts'
import { createControl } from './simulator-control.ts'
import {
  type Reply,
  type SimulatorRequest,
  type SimulatorServer,
  startSimulatorServer,
} from './simulator-server.ts'

/** Lines that outlive the process: what was taken is in it before its answer goes out. */
export interface Journal {
  append(line: string): void
  lines(): Iterable<string>
}

export interface SimulatorOptions {
  host?: string
  port?: number
  script?: ScriptPatch
  /** The same seed and the same requests give the same behaviour. */
  seed?: number
  journal?: Journal
  now?: () => Date
}

/** What the two simulators differ in. */
export interface SimulatedProvider {
  /** `undefined` for a request that is not a submission. */
  submit(request: SimulatorRequest): (() => Reply) | undefined
  ask(request: SimulatorRequest): Reply
  failure(script: Script): Reply
  messages(): unknown[]
  reset(): void
  /** Somebody writes from a handset: told to the gateway, whose answer this is. */
  sendText?(text: unknown): Promise<Reply>
}

export interface SimulatorContext {
  script: Script
  random: () => number
  now: () => Date
}

export interface Simulator {
  url: string
  port: number
  /** Live: what is changed here holds from the next request on. `setScript` checks it, and alone opens and closes the port. */
  script: Script
  setScript(patch: ScriptPatch): void
  close(): Promise<void>
}

export function createContext(options: SimulatorOptions): SimulatorContext {
  return {
    script: patchScript(Script.parse({}), options.script ?? {}),
    random: createRandom(options.seed ?? randomInt(2 ** 32)),
    now: options.now ?? (() => new Date()),
  }
}

export async function startSimulator(
  options: SimulatorOptions,
  { script, random }: SimulatorContext,
  provider: SimulatedProvider,
): Promise<Simulator> {
  const setScript = (patch: unknown): void => {
    const fields = ScriptPatch.parse(patch)
    Object.assign(script, patchScript(script, fields))
    if (!script.holdAnswers) gate.open()
    if ('refuseConnectionsMs' in fields) server.refuseFor(script.refuseConnectionsMs)
  }
  const gate = createAnswerGate()
  const control = createControl({ ...provider, script, setScript })
  const server: SimulatorServer = await startSimulatorServer({
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
    answer(request) {
      if (request.path.startsWith('/_')) return control(request)
      const submit = provider.submit(request)
      if (submit !== undefined) return misbehave(submit)
      const ask = (): Reply => provider.ask(request)
      return script.scope === 'all' ? misbehave(ask) : ask()
    },
  })

  function misbehave(act: () => Reply): Reply | Promise<Reply> {
    const mishap = drawMishap(script, random)
    if (mishap === 'drop') return 'drop'
    const isTaken = mishap !== 'error' && mishap !== 'bad-gateway'
    const reply = isTaken ? act() : provider.failure(script)
    const shown = toShownReply(reply, mishap)
    const latencyMs = drawMs(script.latencyMs, random)
    if (script.holdAnswers) return gate.wait().then(() => shown)
    return latencyMs > 0 ? delay(latencyMs, shown) : shown
  }

  return { url: server.url, port: server.port, script, setScript, close: () => server.close() }
}

const BAD_GATEWAY: Reply = {
  status: 502,
  type: 'text/html',
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
}

function toShownReply(reply: Reply, mishap: ReturnType<typeof drawMishap>): Reply {
  if (mishap === 'lose-answer') return 'drop'
  if (mishap === 'hang') return 'hang'
  return mishap.startsWith('bad-gateway') ? BAD_GATEWAY : reply
}
