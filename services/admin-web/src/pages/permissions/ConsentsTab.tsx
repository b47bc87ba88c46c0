import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { ConsentsResponse } from '@sms-gateway/contracts/consents'
import { request } from '../../api/request.ts'
import { toList } from '../../api/to-list.ts'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Failure, Loading } from '../../parts/states.tsx'
import { ExportCsv } from './ExportCsv.tsx'
import { History } from './History.tsx'
import { ImportCsv } from './ImportCsv.tsx'
import { CONSENTS, pathOf } from './paths.ts'
import { Standing } from './Standing.tsx'
import { words as pageWords } from './words.ts'

const LIMIT = 50
const FIRST: string | null = null

/** What one person said: found by the number, which is in no URL, for URLs are remembered. */
export function ConsentsTab() {
  const words = useWords(pageWords)
  const [text, setText] = useState('')
  const [phone, setPhone] = useState('')
  const found = useConsents(phone)
  return (
    <Stack>
      <Group gap="xs">
        <ImportCsv list="consents" />
        <ExportCsv list="consents" />
      </Group>
      <form
        role="search"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault()
          if (text.trim() === phone) void found.refetch()
          else setPhone(text.trim())
        }}
      >
        <Group gap="xs" align="flex-end">
          <TextInput
            label={words.lookUp}
            placeholder={words.phoneHint}
            inputMode="tel"
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value)
            }}
          />
          <Button
            type="submit"
            disabled={text.trim() === ''}
            loading={found.isFetching}
            leftSection={<Icon name="search" size={16} />}
          >
            {words.find}
          </Button>
        </Group>
        <Text size="sm" c="dimmed" mt={4}>
          {words.lookUpText}
        </Text>
      </form>
      {phone !== '' && <Found phone={phone} found={found} />}
    </Stack>
  )
}

function useConsents(phone: string) {
  return useInfiniteQuery({
    queryKey: [CONSENTS, phone],
    queryFn: ({ pageParam, signal }) =>
      request<ConsentsResponse>(pathOf(CONSENTS, phone), {
        query: { limit: LIMIT, cursor: pageParam },
        signal,
      }),
    initialPageParam: FIRST,
    getNextPageParam: (last) => last.next_cursor,
    enabled: phone !== '',
    gcTime: 0,
  })
}

function Found({ phone, found }: { phone: string; found: ReturnType<typeof useConsents> }) {
  const { rows, error, retry, hasMore, isLoadingMore, loadMore } = toList(found)
  const first = found.data?.pages[0]
  if (error) return <Failure error={error} retry={retry} />
  if (!first) return <Loading />
  return (
    <Stack gap="lg">
      <Standing phone={phone} person={first} />
      <History events={rows} {...{ hasMore, isLoadingMore, loadMore }} />
    </Stack>
  )
}
