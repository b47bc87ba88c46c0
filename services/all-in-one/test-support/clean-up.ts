import { afterAll } from '@jest/globals'

export type CleanUp = (close: () => unknown) => void

/** What a file or a describe block opens is closed after its last test, in reverse, also when a test failed. */
export function cleanUpAfterAll(): CleanUp {
  const closers: (() => unknown)[] = []
  afterAll(async () => {
    for (let close = closers.pop(); close; close = closers.pop()) await close()
  })
  return (close) => {
    closers.push(close)
  }
}
