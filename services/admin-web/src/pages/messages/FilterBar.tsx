import {
  Button,
  Checkbox,
  Collapse,
  Group,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ProvidersResponse } from '@sms-gateway/contracts/providers'
import { MESSAGE_STATUSES } from '@sms-gateway/domain/message-status'
import { request } from '../../api/request.ts'
import { useWords } from '../../i18n/words.ts'
import { DayField } from '../../parts/DayField.tsx'
import { statusWords } from '../../parts/status-words.ts'
import { common } from '../../parts/words.ts'
import { type Filter, RARE } from './read-filters.ts'
import { SearchField } from './SearchField.tsx'
import { useFilters } from './use-filters.ts'
import { words as pageWords } from './words.ts'

/** Search and filters, all of them in the URL. What is typed counts when it is entered. */
export function FilterBar() {
  const words = useWords(pageWords)
  const { clearFilters } = useWords(common)
  const statuses = useWords(statusWords)
  const { filters, set, clear, isFiltered } = useFilters()
  const [isOpen, { toggle }] = useDisclosure(RARE.some((name) => filters[name] !== undefined))
  const providers = useProviderNames()
  return (
    <Stack gap="sm" mb="md" className="surface" p="sm">
      <SearchField key={filters.phone} phone={filters.phone} />
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Select
          size="sm"
          label={words.status}
          placeholder={words.anyStatus}
          data={MESSAGE_STATUSES.map((status) => ({ value: status, label: statuses[status] }))}
          value={filters.status ?? null}
          onChange={(status) => {
            set({ status })
          }}
          clearable
        />
        <Select
          size="sm"
          label={words.provider}
          placeholder={words.anyProvider}
          data={providers}
          value={filters.provider ?? null}
          onChange={(provider) => {
            set({ provider })
          }}
          clearable
        />
        <FilterDay name="start_date" label={words.from} />
        <FilterDay name="end_date" label={words.to} />
      </SimpleGrid>
      <Collapse expanded={isOpen}>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="sm">
          <TextField name="message_type" label={words.type} />
          <TextField name="template_code" label={words.template} />
          <TextField name="customer_id" label={words.customer} />
          <TextField name="campaign_id" label={words.campaign} />
          <TextField name="batch_id" label={words.batch} />
          <TextField name="hold_reason" label={words.holdReason} />
        </SimpleGrid>
      </Collapse>
      <Group gap="md">
        <Checkbox
          size="sm"
          label={words.doubtOnly}
          checked={filters.in_doubt === 'true'}
          onChange={(event) => {
            set({ in_doubt: event.currentTarget.checked ? 'true' : null })
          }}
        />
        <Button size="compact-sm" variant="subtle" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? words.fewerFilters : words.moreFilters}
        </Button>
        {isFiltered && (
          <Button size="compact-sm" variant="subtle" onClick={clear}>
            {clearFilters}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function FilterDay({ name, label }: { name: Filter; label: string }) {
  const { filters, set } = useFilters()
  return (
    <DayField
      label={label}
      day={filters[name]}
      onDay={(day) => {
        set({ [name]: day })
      }}
    />
  )
}

function TextField({ name, label }: { name: Filter; label: string }) {
  const { filters, set } = useFilters()
  const enter = (value: string) => {
    if (value.trim() !== (filters[name] ?? '')) set({ [name]: value.trim() })
  }
  return (
    <TextInput
      key={filters[name]}
      size="sm"
      label={label}
      defaultValue={filters[name] ?? ''}
      onBlur={(event) => {
        enter(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') enter(event.currentTarget.value)
      }}
    />
  )
}

function useProviderNames(): string[] {
  const { data } = useQuery({
    queryKey: ['/providers'],
    queryFn: ({ signal }) => request<ProvidersResponse>('/providers', { signal }),
    staleTime: 60_000,
  })
  return data?.data.map(({ name }) => name) ?? []
}
