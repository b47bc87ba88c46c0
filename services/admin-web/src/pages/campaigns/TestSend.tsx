import { Anchor, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type SubmitEvent, useState } from 'react'
import { Link } from 'react-router'
import { useWords } from '../../i18n/words.ts'
import { Section } from '../../parts/Section.tsx'
import { Refusal } from '../../parts/states.tsx'
import { useCampaignActions } from './api.ts'
import { detailWords } from './detail-words.ts'

/** The campaign's text to one number, before everybody has it. */
export function TestSend({ id }: { id: string }) {
  const words = useWords(detailWords)
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
      <Stack gap="sm">
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
        <Refusal error={error} />
        {sent !== null && (
          <Text role="status" c="var(--good)">
            <Anchor component={Link} to={`/messages/${sent}`}>
              {words.testDone(sent)}
            </Anchor>
          </Text>
        )}
      </Stack>
    </Section>
  )
}
