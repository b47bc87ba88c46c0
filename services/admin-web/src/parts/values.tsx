import { Text } from '@mantine/core'
import { useFormat } from '../i18n/format.ts'

/** A decimal string and its currency, as the API gives them. */
export function Money({ amount, currency }: { amount: string; currency: string }) {
  const { money } = useFormat()
  return <span style={{ whiteSpace: 'nowrap' }}>{money(amount, currency)}</span>
}

/** A moment in the browser's time zone; its title says it in full, with the zone. */
export function Time({ at }: { at: string | null | undefined }) {
  const { dateTime, full } = useFormat()
  if (at === null || at === undefined) return <Dash />
  return (
    <time dateTime={at} title={full(at)} style={{ whiteSpace: 'nowrap' }}>
      {dateTime(at)}
    </time>
  )
}

/** For what has no value. */
export function Dash() {
  return (
    <Text span c="dimmed" aria-hidden="true">
      –
    </Text>
  )
}
