// `npm run check`: the linter beside all the rest, for it takes as long as they do together.
import { spawn } from 'node:child_process'

const CHAINS = [['check:lint'], ['check:types', 'check:format', 'check:dead']]

const results = await Promise.all(CHAINS.map(runChain))
process.exitCode = results.every(Boolean) ? 0 : 1

/** All of them, also after one that failed: who mends one thing wants to know of the others. */
async function runChain(scripts) {
  let isGood = true
  for (const script of scripts) isGood = (await run(script)) && isGood
  return isGood
}

/** What it said comes in one piece, so that two of them do not mix. */
function run(script) {
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
      })
    }
    child.on('close', (code) => {
      if (output.trim() !== '') console.log(output.trimEnd())
      if (code !== 0) console.log(`${script} failed`)
      resolve(code === 0)
    })
  })
}
