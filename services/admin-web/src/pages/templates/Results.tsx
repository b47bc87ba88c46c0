import { Alert, Stack, Text } from '@mantine/core'
import type { ExperimentResponse } from '@sms-gateway/contracts/experiments'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Dash, Money } from '../../parts/values.tsx'
import { testWords } from './test-words.ts'
import type { Arm } from './whiskers.ts'

type Rate = Arm['delivered']
type Row = Arm & { id: string; name: string; weight: number | null }

interface TestProps {
  experiment: ExperimentResponse
}

/** The test in numbers: what the drawing shows, and all that it leaves out. */
export function ResultsTable({ experiment: { results } }: TestProps) {
  const words = useWords(testWords)
  const rows: Row[] = [
    ...results.variants.map((arm) => ({ ...arm, id: `v-${arm.variant}`, name: arm.variant })),
    ...(results.hold_out
      ? [
          {
            ...results.hold_out,
            id: 'hold-out',
            name: words.heldOut(results.hold_out.variant),
            weight: null,
          },
        ]
      : []),
  ]
  const columns = useColumns()
  return (
    <DataTable
      label={words.result}
      idAccessor="id"
      rows={rows}
      columns={columns}
      card={(row) => (
        <dl
          style={{ margin: 0, display: 'grid', gridTemplateColumns: 'auto 1fr', gap: '2px 12px' }}
        >
          {columns.map(({ accessor, title, render }, index) => (
            <div key={String(accessor)} style={{ display: 'contents' }}>
              <Text component="dt" size="sm" c="dimmed">
                {title}
              </Text>
              <Text component="dd" size="sm" m={0} ta="end">
                {render?.(row, index)}
              </Text>
            </div>
          ))}
        </dl>
      )}
    />
  )
}

function useColumns(): DataTableColumn<Row>[] {
  const words = useWords(testWords)
  const { number } = useFormat()
  const count = (accessor: string, title: string, of: (row: Row) => number) =>
    ({
      accessor,
      title,
      textAlign: 'right',
      render: (row: Row) => number(of(row)),
    }) as const
  const rate = (accessor: string, title: string, of: (row: Row) => Rate) =>
    ({
      accessor,
      title,
      textAlign: 'right',
      render: (row: Row) => <RateCell rate={of(row)} />,
    }) as const
  return [
    { accessor: 'name', title: words.arm, render: ({ name }) => <b>{name}</b> },
    {
      accessor: 'weight',
      title: words.weight,
      textAlign: 'right',
      render: ({ weight }) => (weight === null ? <Dash /> : number(weight)),
    },
    count('messages', words.messages, (row) => row.messages),
    count('people', words.people, (row) => row.people),
    count('settled', words.settled, (row) => row.settled),
    rate('delivered', words.delivered, (row) => row.delivered),
    rate('failed', words.failed, (row) => row.failed),
    rate('opted_out', words.optedOut, (row) => row.opted_out),
    rate('replied', words.replied, (row) => row.replied),
    {
      accessor: 'cost',
      title: words.cost,
      textAlign: 'right',
      render: ({ cost }) => <Money {...cost} />,
    },
  ]
}

function RateCell({ rate: { count, share, low, high } }: { rate: Rate }) {
  const words = useWords(testWords)
  const format = useFormat()
  if (share === null) return <>{words.none}</>
  return (
    <>
      {format.share(share)} ({format.number(count)})
      <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {words.interval(format.share(low), format.share(high))}
      </Text>
    </>
  )
}

export function Comparisons({ experiment: { results, alpha } }: TestProps) {
  const words = useWords(testWords)
  const toP = useP()
  return (
    <Stack gap={4} component="ul" m={0} pl="md">
      {results.comparisons.map(({ better, worse, p_value: p }) => (
        <li key={`${better} ${worse}`}>
          {(p <= alpha ? words.comparison : words.noDifference)(better, worse, toP(p))}
        </li>
      ))}
    </Stack>
  )
}

/** Whether people fell to the variants as the weights say. */
export function Split({ experiment: { results } }: TestProps) {
  const words = useWords(testWords)
  const toP = useP()
  const { p_value: p, mismatch } = results.split
  if (mismatch) {
    return (
      <Alert color="red" role="alert" title={words.mismatch} icon={<Icon name="failed" />}>
        <Text c="var(--ink)">{words.mismatchText(toP(p ?? 0))}</Text>
      </Alert>
    )
  }
  return (
    <Text size="sm" c="dimmed">
      {p === null ? words.splitUnknown : words.splitFine(toP(p))}
    </Text>
  )
}

const SMALLEST = 0.001

function useP(): (p: number) => string {
  return (p) => (p < SMALLEST ? `< ${SMALLEST}` : `= ${p.toFixed(3)}`)
}
