import type { Api } from './api.ts'
import { createApi } from './api.ts'
import type { BackendKind } from './backends.ts'
import type { CleanUp } from './clean-up.ts'
import { findFreePort } from './free-port.ts'
import type { ServiceProcess } from './service-process.ts'
import { spawnService, whenReady } from './service-process.ts'
import type { Variables } from './settings.ts'
import { baseVariables } from './settings.ts'
import type { Stores } from './stores.ts'
import { openStores } from './stores.ts'

export interface Ingest {
  api: Api
  url: string
  stores: Stores
  process: ServiceProcess
  countMessages(): Promise<number>
}

/** ingest-api alone, as its container runs it: what it accepts stays where it put it. */
export async function startIngest(
  backend: BackendKind,
  cleanUp: CleanUp,
  change: (stores: Stores) => Promise<Variables> | Variables = () => ({}),
): Promise<Ingest> {
  const stores = await openStores(backend, cleanUp)
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...baseVariables(stores), PORT: String(port), ...(await change(stores)) }
  const process = spawnService('ingest-api', env, cleanUp)
  await whenReady(process, url)
  return {
    api: createApi(url),
    url,
    stores,
    process,
    async countMessages() {
      const [row] = await stores.query<{ count: string }>('select count(*) from message')
      return Number(row?.count)
    },
  }
}
