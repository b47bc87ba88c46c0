import { join } from 'node:path'
import type { Vault } from '@sms-gateway/db/vault'
import type { ProvidersConfig } from '@sms-gateway/providers/create-providers'
import { startImspSimulator } from '@sms-gateway/simulators/imsp-simulator'
import { startTwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import type { GeneratedKeys } from './generated-keys.ts'
import { openJournal } from './journal.ts'

export interface SimulatedProviders {
  config: {
    twilio: NonNullable<ProvidersConfig['twilio']>
    chunghwa: NonNullable<ProvidersConfig['chunghwa']> & { webhookSecret: string }
  }
  urls: { twilio: string; chunghwa: string }
  close(): Promise<void>
}

const ACCOUNT = '12345'
const FROM = '+15005550006'
/** Long enough to see a message on its way, short enough not to wait for it. */
const LATENCY_MS: [number, number] = [15, 60]
const DELIVERY_DELAY_MS = 400

/**
 * Both providers as local servers, for a start without any account. What they took is kept in a journal, so that a
 * `kill -9` of everything loses nothing at "the provider" either, as it would not in the world.
 */
export async function startSimulatedProviders({
  keys,
  vault,
  dataDir,
  webhookUrl,
  timeoutMs,
}: {
  keys: GeneratedKeys
  vault: Vault
  dataDir: string
  webhookUrl: string
  timeoutMs: number
}): Promise<SimulatedProviders> {
  const {
    twilioAccountSid: accountSid,
    twilioAuthToken: authToken,
    chunghwaPassword: password,
  } = keys
  const script = { latencyMs: LATENCY_MS, deliveryDelayMs: DELIVERY_DELAY_MS }
  const twilioJournal = openJournal(join(dataDir, 'simulated-twilio.journal'), vault)
  const imspJournal = openJournal(join(dataDir, 'simulated-chunghwa.journal'), vault)
  const inbound = `${webhookUrl}/sms/inbound`
  const twilio = await startTwilioSimulator({
    ...{ accountSid, authToken, script, journal: twilioJournal },
    inboundUrl: `${inbound}/twilio`,
  })
  const imsp = await startImspSimulator({
    ...{ account: ACCOUNT, password, script, journal: imspJournal },
    relay: { url: `${inbound}/chunghwa`, secret: keys.chunghwaWebhookSecret },
  })
  return {
    config: {
      twilio: { accountSid, authToken, from: FROM, baseUrl: twilio.url, webhookUrl, timeoutMs },
      chunghwa: {
        account: ACCOUNT,
        password,
        baseUrl: imsp.url,
        webhookSecret: keys.chunghwaWebhookSecret,
        timeoutMs,
      },
    },
    urls: { twilio: twilio.url, chunghwa: imsp.url },
    async close() {
      await Promise.all([twilio.close(), imsp.close()])
      twilioJournal.close()
      imspJournal.close()
    },
  }
}
