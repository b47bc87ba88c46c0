import { Group, Stack, Text } from '@mantine/core'
import type { ProviderResponse } from '@sms-gateway/contracts/providers'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Facts } from '../../parts/Facts.tsx'
import { ProviderState } from '../../parts/ProviderState.tsx'
import { Section } from '../../parts/Section.tsx'
import { Dash, Money, Time } from '../../parts/values.tsx'
import type { RangeName } from './history.ts'
import { History } from './History.tsx'
import { ProviderLever } from './ProviderLever.tsx'
import { words as pageWords } from './words.ts'

/** One provider: how it is, what may be done, and how it was. */
export function ProviderPanel({
  provider,
  price,
  range,
}: {
  provider: ProviderResponse
  price: { amount: string; currency: string } | undefined
  range: RangeName
}) {
  const { circuit } = provider
  const name = provider.name.charAt(0).toUpperCase() + provider.name.slice(1)
  const canReset = circuit.state !== 'closed' || circuit.failures > 0
  return (
    <Section title={name} aside={<ProviderState provider={provider} />}>
      <Stack gap="md">
        <Health provider={provider} price={price} />
        <Group gap="xs">
          <ProviderLever
            provider={provider}
            name={name}
            action={provider.enabled ? 'disable' : 'enable'}
          />
          {canReset && <ProviderLever provider={provider} name={name} action="reset" />}
        </Group>
        <History provider={provider.name} name={name} range={range} />
      </Stack>
    </Section>
  )
}

function Health({
  provider: { enabled, circuit, recent, balance, limits },
  price,
}: {
  provider: ProviderResponse
  price: { amount: string; currency: string } | undefined
}) {
  const words = useWords(pageWords)
  const { number, share, dateTime } = useFormat()
  const { latency_ms_mean: mean, latency_ms_max: max } = recent
  const limit = [
    ...(limits.per_second > 0 ? [words.perSecond(number(limits.per_second))] : []),
    ...(limits.all_per_minute > 0 ? [words.allPerMinute(number(limits.all_per_minute))] : []),
  ]
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {enabled ? words.circuitHints[circuit.state] : words.switchedOffHint}
      </Text>
      <Facts
        facts={[
          [
            words.circuit,
            <>
              <span lang="en">{circuit.reason}</span>
              {circuit.failures > 0 && ` · ${words.failures(number(circuit.failures))}`}
            </>,
          ],
          circuit.opened_at === null || circuit.state === 'closed'
            ? null
            : [words.openedAt, <Time key="opened" at={circuit.opened_at} />],
          circuit.probe_at === null
            ? null
            : [words.probeAt, <Time key="probe" at={circuit.probe_at} />],
          [
            words.recent(number(recent.minutes)),
            <>
              {words.attempts(number(recent.attempts))}
              {recent.success_rate !== null && ` · ${words.success} ${share(recent.success_rate)}`}
            </>,
          ],
          [
            words.latency,
            mean === null || max === null ? <Dash /> : words.latencies(number(mean), number(max)),
          ],
          [
            words.balance,
            balance === null ? (
              <Dash />
            ) : (
              <>
                <Money {...balance} />{' '}
                <Text span size="xs" c="dimmed">
                  {words.asOf(dateTime(balance.at))}
                </Text>
              </>
            ),
          ],
          [words.limit, limit.length === 0 ? words.noLimit : limit.join(' · ')],
          [words.price, price ? <Money {...price} /> : <Dash />],
        ]}
      />
    </Stack>
  )
}
