import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { randomId } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { request } from '../../api/request.ts'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Icon } from '../../parts/Icon.tsx'
import { Section } from '../../parts/Section.tsx'
import { Refusal } from '../../parts/states.tsx'
import { toPath } from './use-conversation.ts'
import { useSegments } from './use-segments.ts'
import { words as pageWords } from './words.ts'

const MAX_LENGTH = 1_000

/** One message to this person; where there can be none, why. */
export function Reply({
  phone,
  optedOut,
  onSent,
}: {
  phone: string
  optedOut: boolean
  onSent: () => void
}) {
  const words = useWords(pageWords)
  const may = useMay()
  const reason = optedOut ? words.optedOutText : may('send') ? null : words.mayNotSend
  return (
    <Section title={words.reply}>
      {reason === null ? (
        <ReplyForm phone={phone} onSent={onSent} />
      ) : (
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Icon name="block" />
          <Text>{reason}</Text>
        </Group>
      )}
    </Section>
  )
}

function ReplyForm({ phone, onSent }: { phone: string; onSent: () => void }) {
  const words = useWords(pageWords)
  const [text, setText] = useState('')
  // One for each text: sent twice after a broken line, it is one message.
  const [key, setKey] = useState(newKey)
  const send = useMutation({
    mutationFn: (message: string) =>
      request(toPath(phone, '/reply'), {
        method: 'POST',
        body: { message },
        headers: { 'Idempotency-Key': key },
      }),
    onSuccess: () => {
      setText('')
      setKey(newKey())
      notifications.show({ message: words.sent })
      onSent()
    },
  })
  return (
    <form
      onSubmit={(event: SubmitEvent) => {
        event.preventDefault()
        if (!send.isPending && text.trim() !== '') send.mutate(text.trim())
      }}
    >
      <Stack gap="xs">
        <Textarea
          label={words.replyText}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={MAX_LENGTH}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setKey(newKey())
          }}
        />
        <Refusal error={send.error} />
        <Group justify="space-between">
          <Hint text={text} />
          <Button type="submit" loading={send.isPending} disabled={text.trim() === ''}>
            {words.send}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function newKey(): string {
  return randomId('reply-')
}

function Hint({ text }: { text: string }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  const preview = useSegments(text)
  return (
    <Text size="sm" c="dimmed" role="status">
      {preview
        ? words.segmentsHint(number(preview.segments), preview.encoding)
        : words.segmentsEmpty}
    </Text>
  )
}
