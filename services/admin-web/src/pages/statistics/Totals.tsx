import { SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { StatsResponse } from '@sms-gateway/contracts/stats'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Dash, Money } from '../../parts/values.tsx'
import { words as pageWords } from './words.ts'

/** All of the time together, whatever it is grouped by. */
export function Totals({ totals }: { totals: StatsResponse['totals'] }) {
  const words = useWords(pageWords)
  const { number, share, duration } = useFormat()
  const delay = totals.delivery_seconds
  return (
    <SimpleGrid component="dl" aria-label={words.totals} minColWidth={132} spacing="xs" m={0}>
      <Total name={words.total}>{number(totals.total)}</Total>
      <Total name={words.delivered} tone="good">
        {number(totals.delivered)}
      </Total>
      <Total name={words.failed} tone={totals.failed > 0 ? 'bad' : undefined}>
        {number(totals.failed)}
      </Total>
      <Total name={words.rate} hint={words.rateHint}>
        {totals.success_rate === null ? <Dash /> : share(totals.success_rate)}
      </Total>
      <Total name={words.cost}>
        <Money {...totals.cost} />
      </Total>
      <Total name={words.segments} hint={words.segmentsHint}>
        {number(totals.segments)}
      </Total>
      <Total name={words.p50}>{delay ? duration(delay.p50) : <Dash />}</Total>
      <Total name={words.p95}>{delay ? duration(delay.p95) : <Dash />}</Total>
    </SimpleGrid>
  )
}

function Total({
  name,
  hint,
  tone,
  children,
}: {
  name: string
  hint?: string
  tone?: 'good' | 'bad' | undefined
  children: ReactNode
}) {
  return (
    <div className="surface" style={{ padding: '10px 12px' }} title={hint}>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <Text component="dd" m={0} size="lg" fw={600} c={tone && `var(--${tone})`}>
        {children}
      </Text>
    </div>
  )
}
