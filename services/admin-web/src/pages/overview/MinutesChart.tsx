import { Group, Text } from '@mantine/core'
import type { OverviewMinute } from '@sms-gateway/contracts/overview'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import classes from './minutes-chart.module.css'
import { listTicks } from './ticks.ts'
import { words as pageWords } from './words.ts'

/** Told apart without their colours, too. */
const LINES = [
  { name: 'accepted', color: 'var(--still)', dashes: '2 4' },
  { name: 'sent', color: 'var(--busy)', dashes: '6 3' },
  { name: 'delivered', color: 'var(--good)', dashes: undefined },
  { name: 'failed', color: 'var(--bad)', dashes: '2 2' },
] as const
const X_LABELS = 5

/**
 * Four lines over an hour. Drawn here: Recharts, which the statistics have, would be a third of all that the first page
 * loads. What it shows is said in words below it.
 */
export function MinutesChart({ minutes }: { minutes: readonly OverviewMinute[] }) {
  const words = useWords(pageWords)
  const format = useFormat()
  const counts = minutes.flatMap((minute) => LINES.map(({ name }) => minute[name]))
  const ticks = listTicks(Math.max(0, ...counts))
  const top = ticks.at(-1) ?? 1
  const width = Math.max(minutes.length - 1, 1)
  const heightOf = (count: number) => 100 - (100 * count) / top
  const labels = Array.from({ length: X_LABELS }, (_, index) =>
    minutes.at(Math.round((index * (minutes.length - 1)) / (X_LABELS - 1))),
  )
  return (
    <div aria-hidden="true">
      <Group gap="md" justify="flex-end" mb="xs">
        {LINES.map(({ name, ...line }) => (
          <Group key={name} gap={6}>
            <svg width={22} height={8}>
              <Line points="0,4 22,4" {...line} />
            </svg>
            <Text size="sm">{words[name]}</Text>
          </Group>
        ))}
      </Group>
      <div className={classes['plot']}>
        {ticks.map((tick) => (
          <div key={tick} className={classes['tick']} style={{ top: `${heightOf(tick)}%` }}>
            <span>{format.number(tick)}</span>
          </div>
        ))}
        <svg viewBox={`0 0 ${width} 100`} preserveAspectRatio="none" className={classes['lines']}>
          {LINES.map(({ name, ...line }) => (
            <Line
              key={name}
              points={minutes.map((each, x) => `${x},${heightOf(each[name])}`).join(' ')}
              {...line}
            />
          ))}
        </svg>
      </div>
      <div className={classes['clock']}>
        {labels.map((minute, index) => (
          <span key={index}>{minute && format.clock(minute.at)}</span>
        ))}
      </div>
    </div>
  )
}

function Line({
  points,
  color,
  dashes,
}: {
  points: string
  color: string
  dashes: string | undefined
}) {
  return (
    <polyline
      points={points}
      fill="none"
      stroke={color}
      strokeWidth={2}
      strokeDasharray={dashes}
      vectorEffect="non-scaling-stroke"
    />
  )
}
