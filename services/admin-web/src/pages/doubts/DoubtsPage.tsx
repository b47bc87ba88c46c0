import { Group, SegmentedControl, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useSearchParams } from 'react-router'
import type { LogEntry } from '@sms-gateway/contracts/logs'
import type { OverviewResponse } from '@sms-gateway/contracts/overview'
import { useMay } from '../../api/session.ts'
import { useEvents } from '../../api/use-events.ts'
import { usePages } from '../../api/use-pages.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { Dash } from '../../parts/values.tsx'
import { Decide } from './Decide.tsx'
import { MessageLink, Next, Phone, Since } from './DoubtCells.tsx'
import { words as pageWords } from './words.ts'

const LOGS = '/logs'

/** Messages that a provider may have taken, and what to do about each. */
export function DoubtsPage() {
  const words = useWords(pageWords)
  const may = useMay()
  const [params, setParams] = useSearchParams()
  const state = params.get('state') === 'unknown' ? 'unknown' : 'doubt'
  const filter = state === 'unknown' ? { status: 'unknown' } : { in_doubt: true }
  const messages = usePages<LogEntry>(LOGS, filter)
  useRefreshOnChange()
  const columns: DataTableColumn<LogEntry>[] = [
    {
      accessor: 'id',
      title: words.message,
      render: (message) => <MessageLink message={message} />,
    },
    { accessor: 'phone', title: words.phone, render: (message) => <Phone message={message} /> },
    { accessor: 'message_type', title: words.type },
    {
      accessor: 'provider',
      title: words.provider,
      render: (message) => providerOf(message) ?? <Dash />,
    },
    { accessor: 'since', title: words.since, render: (message) => <Since message={message} /> },
    { accessor: 'next', title: words.next, render: (message) => <Next message={message} /> },
    ...(may('operate')
      ? [
          {
            accessor: 'actions',
            title: <VisuallyHidden>{words.actions}</VisuallyHidden>,
            textAlign: 'right' as const,
            render: (message: LogEntry) => <Decide message={message} state={state} />,
          },
        ]
      : []),
  ]
  return (
    <>
      <PageHeader title={words.title} description={words.description} />
      <Stack gap="sm">
        <Group gap="sm">
          <SegmentedControl
            aria-label={words.stateLabel}
            size="sm"
            data={(['doubt', 'unknown'] as const).map((value) => ({
              value,
              label: words.states[value],
            }))}
            value={state}
            onChange={(next) => {
              setParams(next === 'unknown' ? { state: next } : {}, { replace: true })
            }}
          />
          <Text size="sm" c="dimmed">
            {words.stateHints[state]}
          </Text>
        </Group>
        <DataTable
          label={words.table[state]}
          columns={columns}
          idAccessor="id"
          empty={
            <Empty icon="check" title={words.empty[state]}>
              {words.emptyText[state]}
            </Empty>
          }
          card={(message) => (
            <Stack gap={6}>
              <Group justify="space-between">
                <Phone message={message} />
                <MessageLink message={message} />
              </Group>
              <Text size="sm">
                {message.message_type} · {providerOf(message) ?? '–'} · <Since message={message} />
              </Text>
              <Next message={message} />
              {may('operate') && (
                <div>
                  <Decide message={message} state={state} />
                </div>
              )}
            </Stack>
          )}
          {...messages}
        />
      </Stack>
    </>
  )
}

/** Reads the list again when their number has changed: people may keep the page open. */
function useRefreshOnChange(): void {
  const client = useQueryClient()
  const last = useRef<number | null>(null)
  useEvents({
    overview: (data) => {
      // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the event is held to the contract by the server's tests
      const { in_doubt: count } = data as OverviewResponse
      if (last.current !== null && last.current !== count)
        void client.invalidateQueries({ queryKey: [LOGS] })
      last.current = count
    },
  })
}

function providerOf({ doubt, provider }: LogEntry): string | null {
  return doubt?.provider ?? provider
}
