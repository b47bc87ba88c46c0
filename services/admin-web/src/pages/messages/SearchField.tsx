import { Button, Group, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { useFilters } from './use-filters.ts'
import { words as pageWords } from './words.ts'

const MESSAGE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** An id opens its message; anything else is a number. */
export function SearchField({ phone = '' }: { phone?: string | undefined }) {
  const words = useWords(pageWords)
  const navigate = useNavigate()
  const { set } = useFilters()
  const [text, setText] = useState(phone)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const wanted = text.trim()
    if (MESSAGE_ID.test(wanted)) void navigate(wanted.toLowerCase())
    else set({ phone: wanted })
  }
  return (
    <Group component="form" role="search" gap="xs" wrap="nowrap" onSubmit={submit}>
      <TextInput
        flex={1}
        type="search"
        aria-label={words.search}
        placeholder={words.searchHint}
        leftSection={<Icon name="search" size={16} />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
        }}
      />
      <Button type="submit">{words.find}</Button>
    </Group>
  )
}
