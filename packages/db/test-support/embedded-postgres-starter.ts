// A program that starts an embedded PostgreSQL in the folder it is given, says where, and waits to be killed.
import { startEmbeddedPostgres } from '../src/embedded-postgres.ts'

const dataDir = process.argv[2]
if (dataDir === undefined) throw new Error('which folder?')
const { url } = await startEmbeddedPostgres({ dataDir })
process.stdout.write(`${url}\n`)
// The pipe breaks when the test that started us is gone.
process.stdin.resume().on('close', () => process.exit())
