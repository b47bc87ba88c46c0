import { Alert, Anchor, Button, Group, Text, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { Link } from 'react-router'
import { useSentence } from '../../api/use-sentence.ts'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { useCampaignActions } from './api.ts'
import { detailWords } from './detail-words.ts'

/** The campaign's text to one number, before everybody has it. */
export function TestSend({ id }: { id: string }) {
  const words = useWords(detailWords)
  const toSentence = useSentence()
  const { test } = useCampaignActions(id)
  const [phone, setPhone] = useState('')
  const [sent, setSent] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [isSending, setSending] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setSending(true)
    setError(null)
    setSent(null)
    try {
      setSent((await test(phone.trim())).id)
    } catch (err) {
      setError(err)
    } finally {
      setSending(false)
    }
  }
  return (
    <Section title={words.testSend}>
      <form onSubmit={(event) => void submit(event)}>
        <Group align="flex-end" gap="sm">
          <TextInput
            type="tel"
            label={words.testPhone}
            description={words.testHint}
            autoComplete="off"
            w={{ base: '100%', xs: 320 }}
            value={phone}
            onChange={(event) => {
              setPhone(event.currentTarget.value)
            }}
          />
          <Button
            type="submit"
            variant="default"
            loading={isSending}
            disabled={phone.trim() === ''}
          >
            {words.send}
          </Button>
        </Group>
      </form>
      {error !== null && (
        <Alert role="alert" color="red" mt="sm">
          {toSentence(error)}
        </Alert>
      )}
      {sent !== null && (
        <Text role="status" mt="sm" c="var(--good)">
          <Anchor component={Link} to={`/messages/${sent}`}>
            {words.testDone(sent)}
          </Anchor>
        </Text>
      )}
    </Section>
  )
}
