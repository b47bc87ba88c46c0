import '@mantine/charts/styles.css'
import { LineChart } from '@mantine/charts'
import type { OverviewMinute } from '@sms-gateway/contracts/overview'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { words as pageWords } from './words.ts'

/** Four lines over an hour. Loaded apart: it brings the whole of Recharts. */
export function MinutesChart({ minutes }: { minutes: readonly OverviewMinute[] }) {
  const words = useWords(pageWords)
  const format = useFormat()
  const data = minutes.map(({ at, ...counts }) => ({ ...counts, at: format.clock(at) }))
  return (
    <LineChart
      h={240}
      data={data}
      dataKey="at"
      curveType="monotone"
      withDots={false}
      withLegend
      strokeWidth={2}
      tickLine="none"
      gridAxis="x"
      xAxisProps={{ minTickGap: 48 }}
      yAxisProps={{ allowDecimals: false, width: 44 }}
      valueFormatter={format.number}
      lineChartProps={{ accessibilityLayer: false }}
      lineProps={{ isAnimationActive: false }}
      series={[
        { name: 'accepted', label: words.accepted, color: 'var(--still)', strokeDasharray: '2 4' },
        { name: 'sent', label: words.sent, color: 'var(--busy)', strokeDasharray: '6 3' },
        { name: 'delivered', label: words.delivered, color: 'var(--good)' },
        { name: 'failed', label: words.failed, color: 'var(--bad)', strokeDasharray: '2 2' },
      ]}
    />
  )
}
