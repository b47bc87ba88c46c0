import { makeTestFolder } from '@sms-gateway/db/test-support/test-folder'
import type { ImspSimulator } from '@sms-gateway/simulators/imsp-simulator'
import { startImspSimulator } from '@sms-gateway/simulators/imsp-simulator'
import type { ScriptPatch } from '@sms-gateway/simulators/script'
import type { TwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import { startTwilioSimulator } from '@sms-gateway/simulators/twilio-simulator'
import type { Api } from './api.ts'
import { createApi } from './api.ts'
import type { BackendKind } from './backends.ts'
import type { CleanUp } from './clean-up.ts'
import { findFreePort } from './free-port.ts'
import type { ServiceProcess } from './service-process.ts'
import { spawnService, whenReady } from './service-process.ts'
import type { Variables } from './settings.ts'
import { baseVariables, CHUNGHWA, providerVariables, TWILIO } from './settings.ts'
import type { Stores } from './stores.ts'
import { openStores } from './stores.ts'

/** How the simulated providers behave. */
export type { ScriptPatch }

/** Stores and providers of a test; the providers live in the test's own process, so a kill does not reach them. */
export interface World {
  stores: Stores
  twilio: TwilioSimulator
  chunghwa: ImspSimulator
  /** Of the gateway, the same after each of its restarts. */
  port: number
  url: string
  api: Api
  /** For a service of this world; its port is the gateway's. */
  variables: Variables
}

export interface WorldOptions {
  env?: Variables
  /** Of both providers. */
  script?: ScriptPatch
  /** Of Twilio, on top of it: what Chunghwa is asked and loses is never settled, for nobody can ask it back. */
  twilioScript?: ScriptPatch
}

const SCRIPT: ScriptPatch = { deliveryDelayMs: 50 }

export async function openWorld(
  backend: BackendKind,
  cleanUp: CleanUp,
  { env = {}, script = {}, twilioScript = {} }: WorldOptions = {},
): Promise<World> {
  const [stores, port] = await Promise.all([openStores(backend, cleanUp), findFreePort()])
  const shared = { ...SCRIPT, ...script }
  const url = `http://127.0.0.1:${port}`
  const inbound = `${url}/api/v1/sms/inbound`
  const twilio = await startTwilioSimulator({
    ...TWILIO,
    script: { ...shared, ...twilioScript },
    inboundUrl: `${inbound}/twilio`,
  })
  cleanUp(() => twilio.close())
  const { account, password, webhookSecret } = CHUNGHWA
  const chunghwa = await startImspSimulator({
    ...{ account, password, script: shared },
    relay: { url: `${inbound}/chunghwa`, secret: webhookSecret },
  })
  cleanUp(() => chunghwa.close())
  const variables = {
    ...baseVariables(stores),
    ...providerVariables({ twilio: twilio.url, chunghwa: chunghwa.url }, url),
    SMS_DATA_DIR: makeTestFolder(),
    PORT: String(port),
    ...env,
  }
  return { stores, twilio, chunghwa, port, url, api: createApi(url), variables }
}

export interface Gateway extends World {
  process: ServiceProcess
}

/** The whole gateway as one process. */
export async function startGateway(
  backend: BackendKind,
  cleanUp: CleanUp,
  options?: WorldOptions,
): Promise<Gateway> {
  const world = await openWorld(backend, cleanUp, options)
  return { ...world, process: await runGateway(world, cleanUp) }
}

/** Starts it, or starts it again. */
export async function runGateway(world: World, cleanUp: CleanUp): Promise<ServiceProcess> {
  const service = spawnService('all-in-one', world.variables, cleanUp)
  await whenReady(service, world.url)
  return service
}
