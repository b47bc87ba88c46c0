import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { words as pageWords } from './words.ts'

const TYPING_MS = 300

export function SearchInput({
  value,
  onSearch,
}: {
  value: string
  onSearch: (text: string) => void
}) {
  const words = useWords(pageWords)
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  // Cleared from elsewhere, or by the browser's way back.
  if (known !== value) {
    setKnown(value)
    if (text.trim() !== value) setText(value)
  }
  const search = useDebouncedCallback(onSearch, TYPING_MS)
  return (
    <TextInput
      type="search"
      aria-label={words.search}
      placeholder={words.search}
      leftSection={<Icon name="search" size={16} />}
      w={{ base: '100%', xs: 280 }}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        search(event.currentTarget.value.trim())
      }}
    />
  )
}
