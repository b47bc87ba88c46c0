import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { ROOT } from './paths.mjs'

/** Programs that are to end with us, however we end. */
const children = new Set()

process.on('exit', () => {
  for (const child of children) endGroup(child)
})
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => process.exit(code))
}

/** Runs a program in a process group of its own, its output going to `logFile`. */
export function run(program, args, { logFile, env = process.env, limitMs }) {
  return new Promise((resolve) => {
    const log = logFile && createWriteStream(logFile)
    const child = spawn(program, args, {
      cwd: ROOT,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.add(child)
    const timer = setTimeout(() => endGroup(child), limitMs)
    let output = ''
    const collect = (chunk) => {
      output += chunk
      log?.write(chunk)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const end = (code) => {
      clearTimeout(timer)
      children.delete(child)
      log?.end()
      resolve({ code, output })
    }
    child.on('error', (err) => {
      collect(err.message)
      end(null)
    })
    child.on('close', end)
  })
}

function endGroup(child) {
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    // it has ended by itself, or never began
  }
}
