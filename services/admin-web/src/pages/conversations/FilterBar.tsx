import { Button, Group, Select, SimpleGrid, TextInput } from '@mantine/core'
import { useSearchParams } from 'react-router'
import { KEYWORDS } from '@sms-gateway/domain/keywords'
import { useWords } from '../../i18n/words.ts'
import { DayField } from '../../parts/DayField.tsx'
import { common } from '../../parts/words.ts'
import { type Filter, readFilters } from './read-filters.ts'
import { words as pageWords } from './words.ts'

/** In the URL, all of them. A change makes no entry in the history. */
export function useFilters() {
  const [params, setParams] = useSearchParams()
  const filters = readFilters(params)
  const set = (changes: Partial<Record<Filter, string | null>>) => {
    const next = Object.entries({ ...filters, ...changes }).filter(([, value]) => value)
    setParams(Object.fromEntries(next.map(([name, value]) => [name, String(value)])), {
      replace: true,
    })
  }
  return {
    filters,
    set,
    clear: () => {
      setParams({}, { replace: true })
    },
    isFiltered: Object.keys(filters).length > 0,
  }
}

export function FilterBar() {
  const words = useWords(pageWords)
  const { clearFilters } = useWords(common)
  const { filters, set, clear, isFiltered } = useFilters()
  const day = (name: 'start_date' | 'end_date', label: string) => (
    <DayField
      label={label}
      day={filters[name]}
      onDay={(picked) => {
        set({ [name]: picked })
      }}
    />
  )
  const enterCustomer = (text: string) => {
    if (text.trim() !== (filters.customer_id ?? '')) set({ customer_id: text.trim() })
  }
  return (
    <div role="search" className="surface" style={{ padding: 12, marginBottom: 16 }}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Select
          size="sm"
          label={words.keyword}
          placeholder={words.anyKeyword}
          data={KEYWORDS.map((keyword) => ({ value: keyword, label: words.keywords[keyword] }))}
          value={filters.keyword ?? null}
          onChange={(keyword) => {
            set({ keyword })
          }}
          clearable
        />
        <TextInput
          key={filters.customer_id}
          size="sm"
          label={words.customer}
          defaultValue={filters.customer_id ?? ''}
          onBlur={(event) => {
            enterCustomer(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') enterCustomer(event.currentTarget.value)
          }}
        />
        {day('start_date', words.from)}
        {day('end_date', words.to)}
      </SimpleGrid>
      {isFiltered && (
        <Group mt="sm">
          <Button size="compact-sm" variant="subtle" onClick={clear}>
            {clearFilters}
          </Button>
        </Group>
      )}
    </div>
  )
}
