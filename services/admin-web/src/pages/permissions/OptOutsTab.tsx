import { Group, Stack, Switch } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { OptOutResponse } from '@sms-gateway/contracts/opt-outs'
import { useSession } from '../../api/session.ts'
import { usePages } from '../../api/use-pages.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Empty } from '../../parts/states.tsx'
import { Dash, Time } from '../../parts/values.tsx'
import { AddOptOut } from './AddOptOut.tsx'
import { ExportCsv } from './ExportCsv.tsx'
import { ImportCsv } from './ImportCsv.tsx'
import { LiftOptOut } from './LiftOptOut.tsx'
import { OptOutCard } from './OptOutCard.tsx'
import { OptOutFilters } from './OptOutFilters.tsx'
import { OPT_OUTS } from './paths.ts'
import { words as pageWords } from './words.ts'

const MASK = '*'

/** Who is sent nothing, newest first. */
export function OptOutsTab() {
  const words = useWords(pageWords)
  const { may_unmask: mayUnmask } = useSession()
  const [isWhole, setWhole] = useState(false)
  const [params, setParams] = useSearchParams()
  const query = { kind: kindOf(params.get('kind')), source: params.get('source') }
  const list = usePages<OptOutResponse>(OPT_OUTS, query, { unmask: isWhole })
  const isFiltered = query.kind !== null || query.source !== null
  const actions = (optOut: OptOutResponse) => <Lifting optOut={optOut} />
  return (
    <Stack>
      <Group gap="xs">
        <AddOptOut />
        <ImportCsv list="opt-outs" />
        <ExportCsv list="opt-outs" />
      </Group>
      <OptOutFilters
        key={query.source}
        {...query}
        set={(changes) => {
          const next = Object.entries({ ...query, ...changes }).filter(([, value]) => value)
          setParams(Object.fromEntries(next.map(([name, value]) => [name, String(value)])), {
            replace: true,
          })
        }}
      />
      {mayUnmask && (
        <Switch
          label={words.whole}
          description={words.wholeText}
          checked={isWhole}
          onChange={(event) => {
            setWhole(event.currentTarget.checked)
          }}
        />
      )}
      <DataTable<OptOutResponse>
        label={words.list}
        idAccessor={(row) => `${row.phone ?? ''} ${row.kind} ${row.source} ${row.created_at}`}
        columns={useColumns(isWhole ? actions : undefined)}
        card={(optOut) => <OptOutCard optOut={optOut} action={isWhole && actions(optOut)} />}
        empty={
          isFiltered ? (
            <Empty icon="search" title={words.noneFound} />
          ) : (
            <Empty icon="consent" title={words.none}>
              {words.noneText}
            </Empty>
          )
        }
        {...list}
      />
    </Stack>
  )
}

function kindOf(text: string | null): 'all' | 'marketing' | null {
  return text === 'all' || text === 'marketing' ? text : null
}

/** An erased person's opt-out stays: there is no number to lift it by. */
function Lifting({ optOut }: { optOut: OptOutResponse }) {
  const { phone, kind } = optOut
  return phone === null || phone.includes(MASK) ? null : <LiftOptOut phone={phone} kind={kind} />
}

function useColumns(
  actions: ((optOut: OptOutResponse) => React.ReactNode) | undefined,
): DataTableColumn<OptOutResponse>[] {
  const words = useWords(pageWords)
  return [
    {
      accessor: 'created_at',
      title: words.since,
      width: 180,
      render: ({ created_at: at }) => <Time at={at} />,
    },
    {
      accessor: 'phone',
      title: words.phone,
      width: 150,
      render: ({ phone }) => <PhoneNumber phone={phone} />,
    },
    {
      accessor: 'kind',
      title: words.kind,
      width: 150,
      render: ({ kind }) => words.kinds[kind],
    },
    {
      accessor: 'source',
      title: words.source,
      width: 150,
      render: ({ source }) => words.sources[source] ?? source,
    },
    {
      accessor: 'reason',
      title: words.reason,
      cellsStyle: () => ({ width: '100%', minWidth: 160 }),
      render: ({ reason }) => reason ?? <Dash />,
    },
    ...(actions ? [{ accessor: 'actions', title: '', width: 130, render: actions }] : []),
  ]
}
