import type { ExperimentsResponse } from '@sms-gateway/contracts/experiments'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { Section } from '../../parts/Section.tsx'
import { Time } from '../../parts/values.tsx'
import { pathOf } from './api.ts'
import { testWords } from './test-words.ts'
import { words as pageWords } from './words.ts'

type Entry = ExperimentsResponse['data'][number]

/** Nothing where the one that is shown is the only one. */
export function EarlierTests({ code, current }: { code: string; current: string }) {
  const words = useWords(testWords)
  const page = useWords(pageWords)
  const { number } = useFormat()
  const tests = usePages<Entry>(pathOf(code, '/experiments'))
  const rows = tests.rows.filter(({ id }) => id !== current)
  if (rows.length === 0) return null
  const resultOf = ({ winner, end_reason: reason }: Entry) =>
    [winner === null ? words.noWinner : words.winner(winner), reason && words.ends[reason]]
      .filter(Boolean)
      .join(' · ')
  return (
    <Section title={words.earlier} bare>
      <DataTable
        label={words.earlier}
        idAccessor="id"
        {...tests}
        rows={rows}
        columns={[
          {
            accessor: 'version',
            title: page.columns.version,
            render: ({ version }) => page.version(number(version)),
          },
          {
            accessor: 'metric',
            title: words.metric,
            render: ({ metric }) => words.metrics[metric],
          },
          {
            accessor: 'started_at',
            title: words.started,
            render: ({ started_at: at }) => <Time at={at} />,
          },
          {
            accessor: 'ended_at',
            title: words.ended,
            render: ({ ended_at: at }) => <Time at={at} />,
          },
          { accessor: 'winner', title: words.result, render: resultOf },
        ]}
      />
    </Section>
  )
}
