// A program that says whether the Redis at the given address answers.
import { connectBackend } from '../src/backend.ts'

const backend = connectBackend({ kind: 'redis', url: process.argv[2] ?? '' })
const answer = await backend.ping().then(() => 'PONG', String)
process.stdout.write(`${answer}\n`)
await backend.close()
process.exit()
