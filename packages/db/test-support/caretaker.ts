import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Jest loads set-up and teardown apart from each other; what they share hangs on the process. */
const shared: typeof process & { testServersCaretaker?: ChildProcess } = process

/** It clears the servers in `folder` away when the pipe to it breaks: at the end, on Ctrl-C, on kill -9. */
export function startCaretaker(folder: string): void {
  shared.testServersCaretaker = spawn(
    process.execPath,
    [join(import.meta.dirname, 'caretaker.mjs'), folder],
    { detached: true, stdio: ['pipe', 'ignore', 'inherit'] },
  )
}

export function findCaretaker(): ChildProcess | undefined {
  return shared.testServersCaretaker
}
