import { Group, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiKeyResponse, NewApiKeyResponse } from '@sms-gateway/contracts/api-keys'
import { request } from '../../api/request.ts'
import { usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { DataTable, type DataTableColumn } from '../../parts/DataTable.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { stateOf } from './key-draft.ts'
import { NewKey } from './NewKey.tsx'
import { ShownOnce } from './ShownOnce.tsx'
import { words as pageWords } from './words.ts'

const KEYS = '/api-keys'

/** The keys of all clients; one that was just made is shown here once. */
export function ApiKeysPage() {
  const words = useWords(pageWords)
  const client = useQueryClient()
  const keys = usePages<ApiKeyResponse>(KEYS)
  const [made, setMade] = useState<string | null>(null)
  const refresh = () => client.invalidateQueries({ queryKey: [KEYS] })
  const onMade = async (key: NewApiKeyResponse) => {
    setMade(key.key)
    await refresh()
  }
  const actions = (key: ApiKeyResponse) => <KeyActions {...{ key_: key, onMade, refresh }} />
  return (
    <>
      <PageHeader
        title={words.title}
        description={words.intro}
        actions={<NewKey onMade={onMade} />}
      />
      <ShownOnce
        apiKey={made}
        onClose={() => {
          setMade(null)
        }}
      />
      <DataTable<ApiKeyResponse>
        label={words.list}
        idAccessor="id"
        columns={useColumns(actions)}
        card={(key) => (
          <Stack gap={4}>
            <Group justify="space-between">
              <Text fw={600}>{key.name}</Text>
              <State apiKey={key} />
            </Group>
            <Text size="sm" c="dimmed">
              {key.client.name} · <span className="mono">{key.prefix}…</span>
            </Text>
            <Text size="sm">{key.scopes.join(', ')}</Text>
            {actions(key)}
          </Stack>
        )}
        empty={<Empty title={words.empty} icon="key" />}
        {...keys}
      />
    </>
  )
}

function useColumns(
  actions: (key: ApiKeyResponse) => React.ReactNode,
): DataTableColumn<ApiKeyResponse>[] {
  const words = useWords(pageWords)
  return [
    { accessor: 'name', title: words.name },
    { accessor: 'client', title: words.client, render: ({ client }) => client.name },
    {
      accessor: 'prefix',
      title: words.prefix,
      render: ({ prefix }) => <span className="mono">{prefix}…</span>,
    },
    { accessor: 'scopes', title: words.scopes, render: ({ scopes }) => scopes.join(', ') },
    {
      accessor: 'last_used_at',
      title: words.used,
      render: (key) => <Time at={key.last_used_at} />,
    },
    { accessor: 'state', title: words.state, render: (key) => <State apiKey={key} /> },
    { accessor: 'actions', title: '', textAlign: 'right', render: actions },
  ]
}

function State({ apiKey }: { apiKey: ApiKeyResponse }) {
  const words = useWords(pageWords)
  const { day } = useFormat()
  const state = stateOf(apiKey, new Date())
  if (state !== 'active') {
    return (
      <Mark tone="still" icon={state === 'revoked' ? 'block' : 'clock'}>
        {words[state]}
      </Mark>
    )
  }
  return (
    <Mark tone="good" icon="check">
      {apiKey.expires_at === null ? words.active : words.until(day(apiKey.expires_at))}
    </Mark>
  )
}

function KeyActions({
  key_: key,
  onMade,
  refresh,
}: {
  key_: ApiKeyResponse
  onMade: (key: NewApiKeyResponse) => Promise<void>
  refresh: () => Promise<void>
}) {
  const words = useWords(pageWords)
  if (stateOf(key, new Date()) !== 'active') return null
  return (
    <Group gap={6} wrap="nowrap" justify="flex-end">
      <ConfirmAction
        label={words.rotate}
        ariaLabel={words.rotateOf(key.name)}
        title={words.rotateTitle}
        confirm={words.rotate}
        act={async () => {
          const path = `${KEYS}/${key.id}/rotate`
          await onMade(await request<NewApiKeyResponse>(path, { method: 'POST', body: {} }))
        }}
      >
        {words.rotateText(key.name)}
      </ConfirmAction>
      <ConfirmAction
        isDangerous
        label={words.revoke}
        ariaLabel={words.revokeOf(key.name)}
        title={words.revokeTitle}
        confirm={words.revoke}
        act={async () => {
          await request(`${KEYS}/${key.id}`, { method: 'DELETE' })
          await refresh()
        }}
      >
        {words.revokeText(key.name, key.prefix)}
      </ConfirmAction>
    </Group>
  )
}
