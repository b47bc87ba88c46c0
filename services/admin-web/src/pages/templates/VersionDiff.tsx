import { Stack, Text, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TemplateDiffResponse } from '@sms-gateway/contracts/templates'
import { request } from '../../api/request.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Failure, Loading } from '../../parts/states.tsx'
import { pathOf, TEMPLATES } from './api.ts'
import classes from './diff.module.css'
import { type DiffPart, diffTexts } from './diff.ts'
import { versionWords } from './version-words.ts'

type Change = TemplateDiffResponse['changes'][number]

/** What differs from one version to another: each field in words, texts word by word. */
export function VersionDiff({ code, from, to }: { code: string; from: number; to: number }) {
  const words = useWords(versionWords)
  const { data, error, refetch } = useQuery({
    queryKey: [TEMPLATES, code, 'diff', from, to],
    queryFn: ({ signal }) =>
      request<TemplateDiffResponse>(pathOf(code, '/diff'), { query: { from, to }, signal }),
    staleTime: Infinity,
  })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Loading lines={3} />
  if (data.changes.length === 0) return <Text c="dimmed">{words.same}</Text>
  return (
    <Stack gap="sm" aria-live="polite">
      {data.changes.map((change) => (
        <div key={`${change.variant ?? ''} ${change.field}`}>
          <Text size="sm" c="dimmed" mb={2}>
            <FieldName change={change} />
          </Text>
          <Text component="div" className={classes['text']}>
            <ChangeText change={change} />
          </Text>
        </div>
      ))}
    </Stack>
  )
}

function FieldName({ change: { variant, field } }: { change: Change }) {
  const words = useWords(versionWords)
  const name = words.fields[field] ?? field
  return <>{variant === null ? name : words.ofVariant(variant, name)}</>
}

function ChangeText({ change: { before, after } }: { change: Change }) {
  const words = useWords(versionWords)
  const { number } = useFormat()
  const write = (value: string | number | boolean | null) => {
    if (value === null) return ''
    if (typeof value === 'boolean') return value ? words.yes : words.no
    return typeof value === 'number' ? number(value) : value
  }
  // Of texts what is in both stays once; any other value is one thing.
  const isText = typeof before === 'string' && typeof after === 'string'
  const parts: DiffPart[] = isText
    ? diffTexts(before, after)
    : [
        { kind: 'removed', text: write(before) },
        { kind: 'added', text: write(after) },
      ]
  return (
    <>
      {parts.map((part, index) => (
        <Part key={index} {...part} />
      ))}
    </>
  )
}

function Part({ kind, text }: DiffPart) {
  const words = useWords(versionWords)
  if (text === '') return null
  if (kind === 'same') return <span>{text}</span>
  const Tag = kind === 'removed' ? 'del' : 'ins'
  return (
    <Tag className={classes[kind]}>
      <VisuallyHidden>{words[kind]}</VisuallyHidden>
      {text}
    </Tag>
  )
}
