import { once } from 'node:events'
import { dropLeftDatabases } from './admin.ts'
import { findCaretaker } from './caretaker.ts'

export default async function globalTeardown(): Promise<void> {
  const caretaker = findCaretaker()
  if (!caretaker) return
  await dropLeftDatabases()
  const ended = once(caretaker, 'exit')
  caretaker.stdin?.end()
  await ended
}
