import { Autocomplete, SimpleGrid, TextInput } from '@mantine/core'
import { useWords } from '../../i18n/words.ts'
import type { Draft } from './draft.ts'
import { editorWords } from './editor-words.ts'

const LANGUAGES = ['zh-TW', 'en', 'ja', 'vi', 'id', 'th']

/** So that the inputs stand in one line. */
const HINT_BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
]

/** What belongs to the template as a whole. */
export function TemplateFields({
  code,
  onCode,
  isCodeWrong,
  draft,
  onChange,
}: {
  code: string
  onCode: ((code: string) => void) | undefined
  isCodeWrong: boolean
  draft: Draft
  onChange: (change: Partial<Draft>) => void
}) {
  const words = useWords(editorWords)
  return (
    <SimpleGrid cols={{ base: 1, sm: onCode ? 3 : 2 }} className="surface" p="md">
      {onCode && (
        <TextInput
          label={words.code}
          description={words.codeHint}
          inputWrapperOrder={HINT_BELOW}
          required
          autoComplete="off"
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={code}
          error={isCodeWrong && words.codeInvalid}
          onChange={(event) => {
            onCode(event.currentTarget.value)
          }}
        />
      )}
      <TextInput
        label={words.name}
        required
        maxLength={100}
        value={draft.name}
        onChange={(event) => {
          onChange({ name: event.currentTarget.value })
        }}
      />
      <Autocomplete
        label={words.language}
        description={onCode && words.languageHint}
        inputWrapperOrder={HINT_BELOW}
        required
        data={LANGUAGES}
        value={draft.language}
        onChange={(language) => {
          onChange({ language })
        }}
      />
    </SimpleGrid>
  )
}
