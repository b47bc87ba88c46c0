import { Button, Group, SegmentedControl, Skeleton, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { lazy, Suspense, useState } from 'react'
import { useSearchParams } from 'react-router'
import { toPath } from '../../api/request.ts'
import { useSentence } from '../../api/use-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { downloadText } from '../../parts/download.ts'
import { Icon } from '../../parts/Icon.tsx'
import { readAllStats, useClientNames, useStats } from './api.ts'
import { toCsv } from './csv.ts'
import { FiguresTable } from './FiguresTable.tsx'
import { FilterBar } from './FilterBar.tsx'
import { MEASURES, readFilters } from './filters.ts'
import { labelOfGroup, nameOfGroup } from './names.ts'
import { todayOf } from './ranges.ts'
import { isOverTime, MOST_BARS, type StatRow, toPoints } from './series.ts'
import { Totals } from './Totals.tsx'
import { words as pageWords } from './words.ts'

const Chart = lazy(() => import('./Chart.tsx').then((m) => ({ default: m.Chart })))

export function FiguresTab() {
  const words = useWords(pageWords)
  const format = useFormat()
  const [params, setParams] = useSearchParams()
  const today = todayOf(new Date())
  const filters = readFilters(params, today)
  const { by, measure, from, to } = filters
  const { totals, ...list } = useStats(filters, filters.isInOrder)
  const clients = useClientNames()
  const options = { format, none: words.noName, clients }
  const nameOf = (row: StatRow) => nameOfGroup(row, by, options)
  const points = toPoints(list.rows, filters, (row) => labelOfGroup(row, by, options))
  return (
    <Stack gap="md">
      <Text c="dimmed">{words.description}</Text>
      <FilterBar filters={filters} today={today} />
      {totals && <Totals totals={totals} />}
      {list.rows.length > 0 && (
        <figure className="surface" style={{ margin: 0, padding: 12 }}>
          <Group component="figcaption" justify="space-between" mb="sm">
            <div>
              <Text fw={600}>{words.chartOf(words.measures[measure], words.groups[by])}</Text>
              <Text size="xs" c="dimmed">
                {!isOverTime(by) && list.rows.length > MOST_BARS
                  ? words.topOf(format.number(MOST_BARS), format.number(list.rows.length))
                  : words.chartHint}
              </Text>
            </div>
            <SegmentedControl
              aria-label={words.measure}
              size="xs"
              data={MEASURES.map((value) => ({ value, label: words.measures[value] }))}
              value={measure}
              onChange={(show) => {
                setParams(
                  (now) => {
                    now.set('show', show)
                    return now
                  },
                  { replace: true },
                )
              }}
            />
          </Group>
          <div aria-hidden="true">
            <Suspense fallback={<Skeleton height={260} />}>
              <Chart points={points} measure={measure} isOverTime={isOverTime(by)} />
            </Suspense>
          </div>
        </figure>
      )}
      {filters.isInOrder && (
        <>
          <Group gap="xs">
            <ExportTable by={by} from={from} to={to} nameOf={nameOf} />
            <Button
              component="a"
              href={toPath('/logs', { format: 'csv', start_date: from, end_date: to })}
              download
              variant="default"
              size="sm"
              leftSection={<Icon name="download" size={16} />}
            >
              {words.exportMessages}
            </Button>
          </Group>
          <FiguresTable by={by} nameOf={nameOf} {...list} />
        </>
      )}
    </Stack>
  )
}

/** The whole table, also of what is not loaded yet. */
function ExportTable({
  nameOf,
  ...question
}: Parameters<typeof readAllStats>[0] & { nameOf: (row: StatRow) => string }) {
  const words = useWords(pageWords)
  const toSentence = useSentence()
  const [isLoading, setLoading] = useState(false)
  const save = async () => {
    setLoading(true)
    try {
      const rows = await readAllStats(question)
      downloadText(
        `sms-${question.by}-${question.from}-${question.to}.csv`,
        toCsv(
          [
            words.groups[question.by],
            words.total,
            words.sent,
            words.delivered,
            words.failed,
            words.rate,
            words.segments,
            `${words.cost} (${rows[0]?.cost.currency ?? 'TWD'})`,
            `${words.p50} (${words.seconds})`,
            `${words.p95} (${words.seconds})`,
          ],
          rows.map((row) => [
            row.group['day'] ?? row.group['hour'] ?? nameOf(row),
            row.total,
            row.sent,
            row.delivered,
            row.failed,
            row.success_rate,
            row.segments,
            row.cost.amount,
            row.delivery_seconds?.p50 ?? null,
            row.delivery_seconds?.p95 ?? null,
          ]),
        ),
      )
    } catch (err) {
      notifications.show({ color: 'red', message: toSentence(err) })
    } finally {
      setLoading(false)
    }
  }
  return (
    <Button
      variant="default"
      size="sm"
      loading={isLoading}
      leftSection={<Icon name="download" size={16} />}
      onClick={() => void save()}
    >
      {words.exportTable}
    </Button>
  )
}
