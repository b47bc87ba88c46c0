import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import type { ErasureResponse, SubjectResponse } from '@sms-gateway/contracts/subjects'
import { request } from '../../api/request.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { downloadText } from '../../parts/download.ts'
import { Figure } from '../../parts/Figure.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Section } from '../../parts/Section.tsx'
import { Empty, Failure, Loading } from '../../parts/states.tsx'
import { Erasures } from './Erasures.tsx'
import { words as pageWords } from './words.ts'

/** A person's data: found by the number, which is in no URL, for URLs are remembered. */
export function PrivacyPage() {
  const words = useWords(pageWords)
  const [phone, setPhone] = useState('')
  const find = useMutation({
    mutationFn: (number: string) =>
      request<SubjectResponse>(toPath(number), { unmask: true, limitMs: EXPORT_LIMIT_MS }),
  })
  const [erasure, setErasure] = useState<ErasureResponse | null>(null)
  const search = (event: SubmitEvent) => {
    event.preventDefault()
    setErasure(null)
    find.mutate(phone.trim())
  }
  return (
    <>
      <PageHeader title={words.title} description={words.intro} />
      <form role="search" onSubmit={search}>
        <Group align="flex-end" gap="xs" mb="md">
          <TextInput
            label={words.phone}
            placeholder={words.phoneHint}
            inputMode="tel"
            required
            value={phone}
            onChange={(event) => {
              setPhone(event.currentTarget.value)
            }}
          />
          <Button
            type="submit"
            loading={find.isPending}
            disabled={phone.trim() === ''}
            leftSection={<Icon name="search" size={16} />}
          >
            {words.find}
          </Button>
        </Group>
      </form>
      {find.isPending && <Loading />}
      {find.isError && <Failure error={find.error} />}
      {erasure && <Erased erasure={erasure} />}
      {find.data && !erasure && (
        <Held
          subject={find.data}
          erase={async () => {
            const path = toPath(find.data.phone)
            setErasure(await request<ErasureResponse>(path, { method: 'DELETE' }))
          }}
        />
      )}
    </>
  )
}

const EXPORT_LIMIT_MS = 120_000
const KINDS = ['messages', 'inbound', 'campaigns', 'consents', 'opt_outs', 'audit'] as const

function toPath(phone: string): string {
  return `/subjects/${encodeURIComponent(phone)}`
}

function Held({ subject, erase }: { subject: SubjectResponse; erase: () => Promise<void> }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  const isNobody = KINDS.every((kind) => kind === 'audit' || subject[kind].length === 0)
  return (
    <Stack gap="lg">
      {isNobody ? (
        <Empty title={words.nothing} icon="privacy">
          {words.nothingText}
        </Empty>
      ) : (
        <Section title={words.held}>
          <Stack>
            <SimpleGrid component="dl" m={0} cols={{ base: 2, sm: 6 }}>
              {KINDS.map((kind) => (
                <Figure key={kind} label={words.kinds[kind]} value={number(subject[kind].length)} />
              ))}
            </SimpleGrid>
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<Icon name="download" size={16} />}
                onClick={() => {
                  downloadText(
                    'subject.json',
                    JSON.stringify(subject, undefined, 2),
                    'application/json',
                  )
                }}
              >
                {words.download}
              </Button>
              <ConfirmAction
                isDangerous
                label={words.erase}
                title={words.eraseTitle}
                confirm={words.eraseConfirm}
                act={erase}
                leftSection={<Icon name="trash" size={16} />}
              >
                {words.eraseText(number(subject.messages.length))}
              </ConfirmAction>
            </Group>
          </Stack>
        </Section>
      )}
      {subject.erasures.length > 0 && <Erasures erasures={subject.erasures} />}
    </Stack>
  )
}

function Erased({ erasure }: { erasure: ErasureResponse }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  const { messages, inbound, cancelled } = erasure
  return (
    <Alert
      role="status"
      color="jade"
      title={erasure.state === 'erased' ? words.erased : words.erasing}
      icon={<Icon name="check" />}
    >
      <Text c="var(--ink)">
        {words.erasedText(number(messages), number(inbound), number(cancelled))}
      </Text>
      <Text c="dimmed" size="sm">
        {words.proof}: <span className="mono">{erasure.id}</span>
      </Text>
    </Alert>
  )
}
