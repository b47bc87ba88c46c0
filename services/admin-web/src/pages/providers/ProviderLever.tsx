import { Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import type { ProviderAction, ProviderResponse } from '@sms-gateway/contracts/providers'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { useLever } from './api.ts'
import { words as pageWords } from './words.ts'

/** Says what it does, to how much traffic, and keeps the reason. */
export function ProviderLever({
  provider,
  name,
  action,
}: {
  provider: ProviderResponse
  /** As people read it. */
  name: string
  action: ProviderAction
}) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  const pull = useLever()
  const [reason, setReason] = useState('')
  const said = words.actions[action]
  return (
    <ConfirmAction
      label={said.label}
      ariaLabel={`${said.label} ${name}`}
      title={said.title(name)}
      confirm={said.confirm(name)}
      isDangerous={action === 'disable'}
      act={async () => {
        const text = reason.trim()
        await pull(`/providers/${provider.name}/${action}`, text === '' ? {} : { reason: text })
        setReason('')
        notifications.show({ message: said.done(name) })
      }}
    >
      <Stack gap="sm">
        <Text>{said.text(name)}</Text>
        {action === 'disable' && (
          <Text>
            {words.recentUse(number(provider.recent.attempts), number(provider.recent.minutes))}
          </Text>
        )}
        <TextInput
          label={words.reason}
          maxLength={200}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value)
          }}
        />
      </Stack>
    </ConfirmAction>
  )
}
