import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import type { ProviderSpan } from '@sms-gateway/contracts/provider-history'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { historyWords } from './history-words.ts'

const COLOURS = {
  accepted: 'var(--good)',
  refused: 'var(--bad)',
  unreachable: 'var(--wait)',
  in_doubt: 'var(--busy)',
  throttled: 'var(--still)',
  other: 'var(--line)',
} as const
const OUTCOMES = ['accepted', 'refused', 'unreachable', 'in_doubt', 'throttled', 'other'] as const

/** Only the outcomes that there were: a legend of what did not happen says nothing. */
export function HistoryChart({ bars, isLong }: { bars: ProviderSpan[]; isLong: boolean }) {
  const words = useWords(historyWords)
  const { number, clock, dayAndHour } = useFormat()
  const labelOf = isLong ? dayAndHour : clock
  const seen = OUTCOMES.filter((name) => bars.some((bar) => bar[name] > 0))
  return (
    <BarChart
      h={180}
      data={bars.map((bar) => ({ ...bar, label: labelOf(bar.at) }))}
      dataKey="label"
      type="stacked"
      series={seen.map((name) => ({
        name,
        label: words.outcomes[name],
        color: COLOURS[name],
      }))}
      valueFormatter={number}
      withLegend
      textColor="var(--quiet)"
      gridColor="var(--line)"
      maxBarWidth={16}
      barProps={{ isAnimationActive: false }}
      barChartProps={{ accessibilityLayer: false }}
      xAxisProps={{ minTickGap: 40 }}
      yAxisProps={{ width: 40, allowDecimals: false }}
    />
  )
}
