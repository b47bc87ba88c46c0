import { Button, Group, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { words as pageWords } from './words.ts'

export function AuditFilters({
  start,
  onSearch,
}: {
  start: { action: string | null; phone: string | null }
  onSearch: (filters: { action?: string; phone?: string }) => void
}) {
  const words = useWords(pageWords)
  const [action, setAction] = useState(start.action ?? '')
  const [phone, setPhone] = useState(start.phone ?? '')
  return (
    <form
      role="search"
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault()
        onSearch({ action: action.trim(), phone: phone.trim() })
      }}
    >
      <Group align="flex-end" gap="xs" mb="md">
        <TextInput
          label={words.filterAction}
          placeholder={words.actionHint}
          value={action}
          onChange={(event) => {
            setAction(event.currentTarget.value)
          }}
        />
        <TextInput
          label={words.filterPhone}
          placeholder={words.phoneHint}
          inputMode="tel"
          value={phone}
          onChange={(event) => {
            setPhone(event.currentTarget.value)
          }}
        />
        <Button type="submit" variant="default" leftSection={<Icon name="search" size={16} />}>
          {words.search}
        </Button>
        {(start.action ?? start.phone) !== null && (
          <Button
            variant="subtle"
            onClick={() => {
              onSearch({})
            }}
          >
            {words.clear}
          </Button>
        )}
      </Group>
    </form>
  )
}
