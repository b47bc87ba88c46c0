import { Anchor, Group, SegmentedControl, Stack, Text, VisuallyHidden } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { Link, useSearchParams } from 'react-router'
import type { LogEntry } from '@sms-gateway/contracts/logs'
import type { OverviewResponse } from '@sms-gateway/contracts/overview'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { useEvents } from '../../api/use-events.ts'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { PhoneNumber } from '../../parts/PhoneNumber.tsx'
import { Empty } from '../../parts/states.tsx'
import { Dash, Time } from '../../parts/values.tsx'
import { Decide } from './Decide.tsx'
import { nextOfDoubt, sinceOf } from './next-of-doubt.ts'
import { words as pageWords } from './words.ts'

const LOGS = '/logs'
const SECOND_MS = 1_000

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

function MessageLink({ message }: { message: LogEntry }) {
  return (
    <Anchor component={Link} to={`/messages/${message.id}`} className="mono" underline="always">
      …{message.id.slice(-8)}
    </Anchor>
  )
}

function Phone({ message }: { message: LogEntry }) {
  const reveal = async () => {
    const { phone } = await request<LogEntry>(`/messages/${message.id}`, { unmask: true })
    return phone
  }
  return <PhoneNumber phone={message.phone} reveal={reveal} />
}

function Since({ message }: { message: LogEntry }) {
  const words = useWords(pageWords)
  const { duration } = useFormat()
  const since = sinceOf(message)
  const seconds = Math.max(0, Math.floor((new Date().getTime() - Date.parse(since)) / SECOND_MS))
  return (
    <span>
      <Time at={since} />{' '}
      <span style={{ color: 'var(--quiet)', whiteSpace: 'nowrap' }}>
        {words.ago(duration(seconds))}
      </span>
    </span>
  )
}

function Next({ message }: { message: LogEntry }) {
  const words = useWords(pageWords)
  const { time, number } = useFormat()
  const next = nextOfDoubt(message, new Date())
  const checks = message.doubt?.checks ?? 0
  return (
    <Text size="sm" maw={380}>
      {words.nexts[next.kind](next.kind === 'look-up' ? time(next.at) : '')}
      {checks > 0 && (
        <span style={{ color: 'var(--quiet)' }}> · {words.checks(number(checks))}</span>
      )}
    </Text>
  )
}
