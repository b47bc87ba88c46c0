import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger, LogLevel } from '@sms-gateway/service-kit/logger'
import { createLogger } from '@sms-gateway/service-kit/logger'

const NAME = 'sms-gateway'
const FILE = 'gateway.log'

/** JSON lines on stdout, for machines; where a person sits at the terminal they go to a file, which it is told of. */
export function openLog({ logLevel, dataDir }: { logLevel: LogLevel; dataDir: string }): Logger {
  if (!process.stdout.isTTY) return createLogger(NAME, logLevel)
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, FILE)
  process.stdout.write(`the log is in ${path}\n`)
  return createLogger(NAME, logLevel, createWriteStream(path, { flags: 'a' }))
}
