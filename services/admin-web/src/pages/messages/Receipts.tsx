import { Stack, Text } from '@mantine/core'
import type { MessageAttemptsResponse } from '@sms-gateway/contracts/message-attempts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Facts } from '../../parts/Facts.tsx'
import { Loading } from '../../parts/states.tsx'
import { Time } from '../../parts/values.tsx'
import { messageWords } from './message-words.ts'

type Receipt = MessageAttemptsResponse['receipts'][number]

/** What the providers reported, with its fields as they came. */
export function Receipts({ receipts }: { receipts: readonly Receipt[] | undefined }) {
  const words = useWords(messageWords)
  if (!receipts) return <Loading lines={2} />
  if (receipts.length === 0) return <Text c="dimmed">{words.noReceipts}</Text>
  return (
    <Stack gap="sm">
      {receipts.map((receipt, index) => (
        <OneReceipt key={index} receipt={receipt} />
      ))}
    </Stack>
  )
}

function OneReceipt({ receipt }: { receipt: Receipt }) {
  const words = useWords(messageWords)
  const { number } = useFormat()
  const { provider, status, part, parts, error_code: code, fields } = receipt
  const said = [provider, status, parts > 1 && words.part(number(part), number(parts)), code]
  return (
    <div>
      <Text fw={550}>{said.filter(Boolean).join(' · ')}</Text>
      <Text size="sm" c="dimmed">
        <Time at={receipt.received_at} />
      </Text>
      <details>
        <summary>{words.raw}</summary>
        {fields === null ? (
          <Text size="sm" c="dimmed">
            {words.erasedRaw}
          </Text>
        ) : (
          <Facts
            facts={fields.map(({ name, value }) => [
              name,
              value === null ? (
                <Text span inherit c="dimmed" fs="italic">
                  {words.hiddenField}
                </Text>
              ) : (
                <span className="mono">{value}</span>
              ),
            ])}
          />
        )}
      </details>
    </div>
  )
}
