import { Group, Stack, Text } from '@mantine/core'
import type { OptOutResponse } from '@sms-gateway/contracts/opt-outs'
import { useWords } from '../../i18n/words.ts'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Time } from '../../parts/values.tsx'
import { words as pageWords } from './words.ts'

export function OptOutCard({
  optOut,
  action,
}: {
  optOut: OptOutResponse
  action: React.ReactNode
}) {
  const words = useWords(pageWords)
  const { phone, kind, source, reason, created_at: at } = optOut
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap">
        <PhoneNumber phone={phone} />
        <Time at={at} />
      </Group>
      <Text size="sm">
        {words.kinds[kind]} · {words.sources[source] ?? source}
      </Text>
      {reason !== null && (
        <Text size="sm" c="dimmed">
          {reason}
        </Text>
      )}
      {action && <Group>{action}</Group>}
    </Stack>
  )
}
