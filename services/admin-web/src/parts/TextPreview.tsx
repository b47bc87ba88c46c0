import { Alert, Box, Code, Group, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { PreviewResponse } from '@sms-gateway/contracts/template-preview'
import { ApiProblem } from '../api/problem.ts'
import { usePreview } from '../api/use-preview.ts'
import { useSentence } from '../api/use-sentence.ts'
import { useFormat } from '../i18n/format.ts'
import { useWords } from '../i18n/words.ts'
import { Icon } from './Icon.tsx'
import { previewWords } from './preview-words.ts'
import { useWarning } from './reasons.tsx'
import { Money } from './values.tsx'

const TYPING_MS = 300
const SHOWN_CHARACTERS = 12
/** For a template that has no code yet: the gateway looks at the text alone. */
const NO_CODE = 'new'

/** What the recipient will read, and what it takes, a moment after the last key. */
export function TextPreview({
  code,
  label,
  content,
  values,
}: {
  code: string
  /** What it is, for who hears it. */
  label: string
  /** Left out: of the template's variant that most people get. */
  content?: string
  values: Readonly<Record<string, string>>
}) {
  const words = useWords(previewWords)
  const [text] = useDebouncedValue(content, TYPING_MS)
  const [template_data] = useDebouncedValue(values, TYPING_MS)
  const [isNew] = useState(code === '')
  const { data, error } = usePreview({ code: isNew ? NO_CODE : code, content: text, template_data })
  return (
    <Box
      component="section"
      aria-label={label}
      p="sm"
      style={{ borderRadius: 'var(--mantine-radius-md)', background: 'var(--ground)' }}
    >
      {text?.trim() === '' ? (
        <Text c="dimmed">{words.empty}</Text>
      ) : error ? (
        <Refusal error={error} />
      ) : (
        data && <Shown preview={data} />
      )}
    </Box>
  )
}

function Refusal({ error }: { error: unknown }) {
  const words = useWords(previewWords)
  const toSentence = useSentence()
  if (!(error instanceof ApiProblem) || error.code !== 'template-variables-missing') {
    return <Text c="var(--bad)">{toSentence(error)}</Text>
  }
  const names = error.fields.map(({ path }) => path.replace(/^template_data\./, ''))
  return (
    <Alert
      color="yellow"
      styles={{ title: { color: 'var(--ink)' } }}
      role="status"
      title={words.missing(names.join(', '))}
      icon={<Icon name="failed" />}
    >
      <Text c="var(--ink)">{words.missingText}</Text>
    </Alert>
  )
}

function Shown({ preview }: { preview: PreviewResponse }) {
  const words = useWords(previewWords)
  const toWarning = useWarning()
  const { number } = useFormat()
  const { message, encoding, segments, cost, warnings, smart_encoding: smart } = preview
  return (
    <Stack gap="sm" aria-live="polite">
      <Text
        className="surface"
        p="sm"
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', borderEndStartRadius: 2 }}
      >
        {message}
      </Text>
      <Group gap="md" align="baseline">
        <Text fw={650}>{words.segments(number(segments))}</Text>
        <Text size="sm" c="dimmed">
          {words.facts(encoding, number(Array.from(message).length))}
        </Text>
      </Group>
      <Group gap="md" component="dl" m={0}>
        <Text component="dt" size="sm" c="dimmed">
          {words.cost}
        </Text>
        {cost.map(({ provider, amount, currency }) => (
          <Text component="dd" m={0} size="sm" key={provider}>
            {provider} <Money amount={amount} currency={currency} />
          </Text>
        ))}
      </Group>
      {preview.ucs2_characters.length > 0 && <Ucs2 characters={preview.ucs2_characters} />}
      {smart && (
        <Text size="sm">
          {(smart.applied ? words.smartOn : words.smartOff)(number(smart.saved_segments))}{' '}
          {smart.replaced.map(({ from, to }) => `${from} → ${to}`).join('  ')}
        </Text>
      )}
      {warnings.map((warning) => (
        <Group key={warning.code} gap={6} wrap="nowrap" align="flex-start" c="var(--wait)">
          <Icon name="failed" size={16} />
          <Text size="sm">{toWarning(warning)}</Text>
        </Group>
      ))}
    </Stack>
  )
}

function Ucs2({ characters }: { characters: readonly string[] }) {
  const words = useWords(previewWords)
  const { number } = useFormat()
  const more = characters.length - SHOWN_CHARACTERS
  return (
    <div>
      <Text size="sm" c="dimmed">
        {words.ucs2}
      </Text>
      <Group gap={4} mt={2}>
        {characters.slice(0, SHOWN_CHARACTERS).map((character) => (
          <Code key={character} fz="sm">
            {character}
          </Code>
        ))}
        {more > 0 && (
          <Text size="sm" c="dimmed">
            {words.more(number(more))}
          </Text>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={2}>
        {words.ucs2Text}
      </Text>
    </div>
  )
}
