import type { ProviderAction } from '@sms-gateway/contracts/providers'
import type { Db } from '@sms-gateway/db/connect'
import { changeCircuit, switchProvider } from '@sms-gateway/db/provider-states'
import { CLOSED_CIRCUIT } from '@sms-gateway/domain/circuit'
import type { ProviderName } from '@sms-gateway/domain/provider'

export interface ProviderCommand {
  provider: ProviderName
  action: ProviderAction
  reason: string | undefined
  /** Whose key asked for it. */
  actor: string
  now: Date
}

/** The operators' levers. Each is an event with its reason; done twice, the second changes nothing. */
export async function actOnProvider(db: Db, command: ProviderCommand): Promise<void> {
  const { provider, action, actor, now } = command
  const change = { provider, actor, now }
  const reason = command.reason ?? 'by an operator'
  switch (action) {
    case 'enable':
      await switchProvider(db, change, true, reason)
      return
    case 'disable':
      await switchProvider(db, change, false, reason)
      return
    case 'reset':
      await changeCircuit(db, change, (circuit) =>
        circuit.state === 'closed' && circuit.failures === 0
          ? undefined
          : { ...CLOSED_CIRCUIT, reason: `reset: ${reason}` },
      )
      return
  }
}
