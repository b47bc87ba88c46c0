import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { KeywordAnswerResponse } from '@sms-gateway/contracts/conversations'
import { request } from '../../api/request.ts'
import { useSave } from '../../api/use-save.ts'
import { useWords } from '../../i18n/words.ts'
import { Fields } from '../../parts/form-parts.tsx'
import { answerWords } from './answer-words.ts'

export const ANSWERS = '/keyword-answers'
const MAX_LENGTH = 1_000
const MAX_WORD_LENGTH = 30

export function toPath(word: string): string {
  return `${ANSWERS}/${encodeURIComponent(word)}`
}

/** A new word, or another answer to one that is there. */
export function AnswerForm({
  answer,
  onSaved,
}: {
  answer: KeywordAnswerResponse | null
  onSaved: () => void
}) {
  const words = useWords(answerWords)
  const [word, setWord] = useState(answer?.word ?? '')
  const [message, setMessage] = useState(answer?.message ?? '')
  const [isTried, setTried] = useState(false)
  const save = useSave({
    save: () => request(toPath(word.trim()), { method: 'PUT', body: { message: message.trim() } }),
    stale: [ANSWERS],
    said: words.saved,
    onSaved,
  })
  const isWhole = word.trim() !== '' && message.trim() !== ''
  return (
    <Fields
      error={save.error}
      isSaving={save.isPending}
      submit={() => {
        setTried(true)
        if (isWhole) save.mutate()
      }}
    >
      {answer === null && (
        <TextInput
          label={words.word}
          description={words.wordHint}
          required
          maxLength={MAX_WORD_LENGTH}
          value={word}
          error={isTried && word.trim() === '' ? words.wordNeeded : undefined}
          onChange={(event) => {
            setWord(event.currentTarget.value)
          }}
        />
      )}
      <Textarea
        label={words.message}
        required
        autosize
        minRows={3}
        maxRows={10}
        maxLength={MAX_LENGTH}
        value={message}
        error={isTried && message.trim() === '' ? words.messageNeeded : undefined}
        onChange={(event) => {
          setMessage(event.currentTarget.value)
        }}
      />
    </Fields>
  )
}
