import { beforeAll, test } from '@jest/globals'
import type { BackendKind } from './backends.ts'
import { listBackends } from './backends.ts'

const BACKENDS: readonly BackendKind[] = ['postgres', 'redis']
const SET_UP_LIMIT_MS = 60_000

/**
 * Tests that wait for most of their time: those of both backends begin together, and each reports by itself. They
 * share what `setUp` makes for their backend.
 */
export function testSideBySide<T>(
  setUp: (backend: BackendKind) => Promise<T>,
  limitMs: number,
  tests: Readonly<Record<string, (shared: T) => Promise<void>>>,
): void {
  const begun = new Map<string, Promise<void>>()
  const titleOf = (name: string, backend: BackendKind) => `${name} (queue on ${backend})`

  beforeAll(async () => {
    for (const backend of listBackends()) {
      const shared = setUp(backend)
      for (const [name, run] of Object.entries(tests)) {
        const result = shared.then(run)
        // It is heard of when its test is reported.
        result.catch(() => undefined)
        begun.set(titleOf(name, backend), result)
      }
      await shared.catch(() => undefined)
    }
  }, SET_UP_LIMIT_MS)

  for (const backend of BACKENDS) {
    const each = listBackends().includes(backend) ? test : test.skip
    for (const name of Object.keys(tests)) {
      const title = titleOf(name, backend)
      each(title, () => begun.get(title), limitMs)
    }
  }
}
