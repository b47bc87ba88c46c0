import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Vault } from '@sms-gateway/db/vault'
import type { Journal } from '@sms-gateway/simulators/simulator'

const CONTEXT = 'simulated provider'

/** A file of sealed lines: the simulated provider knows numbers and texts, and they lie open nowhere on this disk. */
export function openJournal(path: string, vault: Vault): Journal & { close(): void } {
  const file = openSync(path, 'a', 0o600)
  return {
    append(line) {
      writeSync(file, `${vault.seal(line, CONTEXT).toString('base64')}\n`)
    },
    lines: () =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line) => openLine(line, vault)),
    close() {
      closeSync(file)
    },
  }
}

/** A kill may cut the last line short; what cannot be opened was never answered for. */
function openLine(line: string, vault: Vault): string[] {
  if (line === '') return []
  try {
    return [vault.open(Buffer.from(line, 'base64'), CONTEXT)]
  } catch {
    return []
  }
}
