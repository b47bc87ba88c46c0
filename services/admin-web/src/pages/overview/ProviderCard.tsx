import { Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import type { ProviderResponse } from '@sms-gateway/contracts/providers'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ProviderState } from '../../parts/ProviderState.tsx'
import { Dash, Money } from '../../parts/values.tsx'
import { words as pageWords } from './words.ts'

/** How a provider does: whether it is used, how well it answers, what money is left there. */
export function ProviderCard({ provider }: { provider: ProviderResponse }) {
  const words = useWords(pageWords)
  const { number, share } = useFormat()
  const { circuit, recent, balance, limits } = provider
  return (
    <Stack className="surface" p="md" gap="xs">
      <Group justify="space-between" wrap="nowrap">
        <Title order={3} tt="capitalize">
          {provider.name}
        </Title>
        <ProviderState provider={provider} />
      </Group>
      {(circuit.state !== 'closed' || !provider.enabled) && (
        <Text size="sm" c="dimmed">
          {circuit.reason}
        </Text>
      )}
      <SimpleGrid component="dl" cols={2} spacing="sm" verticalSpacing={6} m={0}>
        <Fact name={words.success}>
          {recent.success_rate === null ? <Dash /> : share(recent.success_rate)}
        </Fact>
        <Fact name={words.latency}>
          {recent.latency_ms_mean === null ? <Dash /> : words.ms(number(recent.latency_ms_mean))}
        </Fact>
        <Fact name={words.balance}>{balance === null ? <Dash /> : <Money {...balance} />}</Fact>
        <Fact name={words.limit}>
          {limits.per_second > 0 ? words.perSecond(number(limits.per_second)) : words.noLimit}
        </Fact>
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        {words.attempts(number(recent.attempts), number(recent.minutes))}
      </Text>
    </Stack>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} fw={550}>
        {children}
      </Text>
    </div>
  )
}
