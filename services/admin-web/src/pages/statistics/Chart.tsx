import '@mantine/charts/styles.css'
import { BarChart, LineChart } from '@mantine/charts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import type { Measure } from './filters.ts'
import type { Point } from './series.ts'
import { words as pageWords } from './words.ts'

const BAR_HEIGHT = 34
const MARGIN = 60

/** The same as in the table, for the eye alone: it is hidden from who cannot see it. Loaded when it is needed. */
export function Chart({
  points,
  measure,
  isOverTime,
}: {
  points: Point[]
  measure: Measure
  isOverTime: boolean
}) {
  const words = useWords(pageWords)
  const { number, share, duration, money } = useFormat()
  const series = {
    messages: [
      { name: 'delivered', label: words.delivered, color: 'var(--good)' },
      { name: 'failed', label: words.failed, color: 'var(--bad)' },
      { name: 'other', label: words.other, color: 'var(--still)' },
    ],
    rate: [{ name: 'rate', label: words.rate, color: 'var(--good)' }],
    cost: [{ name: 'cost', label: words.cost, color: 'var(--busy)' }],
    delay: [
      { name: 'p50', label: words.p50, color: 'var(--busy)' },
      { name: 'p95', label: words.p95, color: 'var(--wait)' },
    ],
  }[measure]
  const valueFormatter = {
    messages: number,
    rate: share,
    cost: (value: number) => money(value.toFixed(2), 'TWD'),
    delay: duration,
  }[measure]
  const common = {
    data: points.map((point) => ({ ...point })),
    dataKey: 'label',
    series,
    valueFormatter,
    withLegend: series.length > 1,
    textColor: 'var(--quiet)',
    gridColor: 'var(--line)',
    strokeDasharray: '3 4',
  }
  if (isOverTime && (measure === 'rate' || measure === 'delay')) {
    return (
      <LineChart
        {...common}
        h={260}
        curveType="monotone"
        strokeWidth={2}
        withDots={points.length < 32}
        connectNulls={false}
        lineChartProps={{ accessibilityLayer: false }}
        xAxisProps={{ minTickGap: 24 }}
        yAxisProps={{ width: 72, ...(measure === 'rate' && { domain: [0, 1] }) }}
      />
    )
  }
  return (
    <BarChart
      {...common}
      h={isOverTime ? 260 : points.length * BAR_HEIGHT + MARGIN}
      type={measure === 'messages' ? 'stacked' : 'default'}
      orientation={isOverTime ? 'horizontal' : 'vertical'}
      gridAxis={isOverTime ? 'x' : 'y'}
      maxBarWidth={22}
      barChartProps={{ accessibilityLayer: false }}
      {...(isOverTime
        ? { xAxisProps: { minTickGap: 24 }, yAxisProps: { width: 72 } }
        : { yAxisProps: { width: 140 } })}
    />
  )
}
