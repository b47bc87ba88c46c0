import { Button, Group, Select, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import { words as pageWords } from './words.ts'

export function OptOutFilters({
  kind,
  source,
  set,
}: {
  kind: string | null
  source: string | null
  set: (changes: { kind?: string | null; source?: string | null }) => void
}) {
  const words = useWords(pageWords)
  const enter = (text: string) => {
    if (text.trim() !== (source ?? '')) set({ source: text.trim() })
  }
  return (
    <Group role="search" gap="sm" align="flex-end">
      <Select
        size="sm"
        label={words.kind}
        placeholder={words.anyKind}
        data={(['all', 'marketing'] as const).map((value) => ({
          value,
          label: words.kinds[value],
        }))}
        value={kind}
        onChange={(next) => {
          set({ kind: next })
        }}
        clearable
      />
      <TextInput
        size="sm"
        label={words.source}
        placeholder={words.sourceHint}
        defaultValue={source ?? ''}
        onBlur={(event) => {
          enter(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') enter(event.currentTarget.value)
        }}
      />
      {(kind !== null || source !== null) && (
        <Button
          size="sm"
          variant="subtle"
          onClick={() => {
            set({ kind: null, source: null })
          }}
        >
          {words.clear}
        </Button>
      )}
    </Group>
  )
}
