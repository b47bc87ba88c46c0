// Waits until the run that holds our standard input is gone, however it went, then ends every server in its folder and removes it.
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const folder = process.argv[2]
if (folder === undefined) throw new Error('which folder?')
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined)

process.stdin.resume()
process.stdin.on('error', () => undefined)
await once(process.stdin, 'close')

const files = readdirSync(folder, { recursive: true }).map(String)
await Promise.all([
  // SIGQUIT: nobody wants the data, so there is nothing to write down first.
  ...files.filter((file) => file.endsWith('postmaster.pid')).map((file) => end(file, 'SIGQUIT')),
  ...files.filter((file) => file.endsWith('redis.pid')).map((file) => end(file, 'SIGKILL')),
  // A service that a test has started, in a process group of its own.
  ...files.filter((file) => file.endsWith('service.pid')).map((file) => end(file, 'SIGKILL')),
])
rmSync(folder, { recursive: true, force: true, maxRetries: 5 })

/** @param {string} pidFile @param {NodeJS.Signals} signal */
async function end(pidFile, signal) {
  const pid = readPid(join(folder, pidFile))
  if (pid === undefined) return
  for (let waited = 0; waited < 10_000 && isAlive(pid, waited === 0 ? signal : 0); waited += 20) {
    await sleep(20)
  }
  isAlive(pid, 'SIGKILL')
}

/** @param {string} file */
function readPid(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
    return pid > 1 ? pid : undefined
  } catch {
    return undefined // that server was never started
  }
}

/** @param {number} pid @param {NodeJS.Signals | 0} signal */
function isAlive(pid, signal) {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}
