import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../services/all-in-one/dist/main.js', import.meta.url))
const READY_LIMIT_MS = 120_000
const POLL_MS = 100

export interface RunningGateway {
  url: string
  apiKey: string
  /** Of the simulated providers. */
  providers: { twilio: string; chunghwa: string }
  stop(): Promise<void>
}

/** The whole gateway as `npm start` runs it, in a folder of its own, at any hour of the day. */
export async function runGateway(dataDir: string, env: NodeJS.ProcessEnv): Promise<RunningGateway> {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: env['PATH'],
      HOST: '127.0.0.1',
      PORT: '0',
      SMS_DATA_DIR: dataDir,
      SMS_QUIET_HOURS: 'off',
      SMS_RATE_LIMIT_PER_MINUTE: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve()
    })
  })
  const deadline = performance.now() + READY_LIMIT_MS
  while (!/^ready /m.test(said)) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`the gateway did not start; it said:\n${said}`)
    }
    await delay(POLL_MS)
  }
  const find = (pattern: RegExp): string => {
    const found = pattern.exec(said)?.[1]
    if (found === undefined) throw new Error(`the gateway did not say ${pattern.source}:\n${said}`)
    return found
  }
  return {
    url: find(/^ready (\S+)/m),
    apiKey: find(/^API key +(\S+)/m),
    providers: {
      twilio: find(/simulated Twilio at (\S+?),/),
      chunghwa: find(/Chunghwa at (\S+)/),
    },
    async stop() {
      child.kill('SIGINT')
      await exited
    },
  }
}
