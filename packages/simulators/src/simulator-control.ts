import type { Script } from './script.ts'
import type { Reply, SimulatorRequest } from './simulator-server.ts'

/** What the simulator's own pages ask of it. */
export interface Controlled {
  script: Script
  setScript: (patch: unknown) => void
  messages: () => unknown[]
  reset: () => void
  /** Somebody writes from a handset: told to the gateway, whose answer this is. */
  sendText?: (text: unknown) => Promise<Reply>
}

/** `/_script`, `/_messages`, `/_text` and `/_reset`: how a simulator in a process of its own is led. */
export function createControl(
  simulator: Controlled,
): (request: SimulatorRequest) => Reply | Promise<Reply> {
  const { script, setScript, messages, reset } = simulator
  return ({ method, path, body }) => {
    switch (`${method} ${path}`) {
      case 'GET /_script':
        return toJson(200, script)
      case 'PUT /_script':
        try {
          setScript(parseJson(body))
        } catch (error) {
          return toJson(400, { error: String(error) })
        }
        return toJson(200, script)
      case 'GET /_messages':
        return toJson(200, messages())
      case 'POST /_text':
        return sendText(simulator, body)
      case 'POST /_reset':
        reset()
        return toJson(200, {})
      default:
        return toJson(404, { error: 'one of /_script, /_messages, /_text, /_reset' })
    }
  }
}

async function sendText(simulator: Controlled, body: Buffer): Promise<Reply> {
  try {
    return (
      (await simulator.sendText?.(parseJson(body))) ?? toJson(404, { error: 'it sends no texts' })
    )
  } catch (error) {
    return toJson(400, { error: String(error) })
  }
}

export function toJson(status: number, value: unknown): Exclude<Reply, string> {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

function parseJson(body: Buffer): unknown {
  return JSON.parse(body.toString())
}
