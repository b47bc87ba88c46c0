import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { VaultConfig } from '@sms-gateway/db/vault'

/** What the environment does not give is made once and kept here, readable by this user alone. */
const FILE = 'keys.json'
const KEY_BYTES = 32

const GeneratedKeys = z.object({
  encryptionKey: z.string(),
  lookupKey: z.string(),
  apiKey: z.string(),
  /** Of the simulated providers. */
  twilioAccountSid: z.string(),
  twilioAuthToken: z.string(),
  chunghwaPassword: z.string(),
  chunghwaWebhookSecret: z.string(),
})
export type GeneratedKeys = z.infer<typeof GeneratedKeys>

/** Reads the kept keys, or makes them. A lost file loses every number and text: it says so rather than make new ones. */
export async function loadGeneratedKeys(dataDir: string): Promise<GeneratedKeys> {
  const path = join(dataDir, FILE)
  const text = await readFile(path, 'utf8').catch((err: unknown) => {
    if (err instanceof Error && 'code' in err && err.code === 'ENOENT') return undefined
    throw new Error(`the keys in ${path} cannot be read`, { cause: err })
  })
  if (text !== undefined) {
    const kept = GeneratedKeys.safeParse(parseJson(text))
    if (kept.success) return kept.data
    throw new Error(`the keys in ${path} are damaged: restore the file from a back-up`)
  }
  const keys = createKeys()
  await keepKeys(dataDir, path, keys)
  return keys
}

export function toVaultConfig(
  { encryptionKey, lookupKey }: GeneratedKeys,
  given: {
    encryptionKeys: VaultConfig['encryptionKeys'] | undefined
    lookupKey: Buffer | undefined
  },
): VaultConfig {
  const generated = { id: 'generated', key: Buffer.from(encryptionKey, 'base64') }
  return {
    // The generated key still opens what it sealed when keys of the environment take over.
    encryptionKeys: given.encryptionKeys ? [...given.encryptionKeys, generated] : [generated],
    lookupKey: given.lookupKey ?? Buffer.from(lookupKey, 'base64'),
  }
}

function createKeys(): GeneratedKeys {
  return {
    encryptionKey: randomBytes(KEY_BYTES).toString('base64'),
    lookupKey: randomBytes(KEY_BYTES).toString('base64'),
    apiKey: `sk_${randomBytes(24).toString('base64url')}`,
    twilioAccountSid: `AC${randomBytes(16).toString('hex')}`,
    twilioAuthToken: randomBytes(16).toString('hex'),
    chunghwaPassword: randomBytes(4).toString('hex'),
    chunghwaWebhookSecret: randomBytes(24).toString('base64url'),
  }
}

/** Whole or not at all: a start that is killed in the middle leaves no half a key. */
async function keepKeys(dataDir: string, path: string, keys: GeneratedKeys): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  const temporary = `${path}.${process.pid}`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(keys, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
