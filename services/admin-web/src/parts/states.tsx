import { Alert, Button, Center, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { useSentence } from '../api/use-sentence.ts'
import { useWords } from '../i18n/words.ts'
import { Icon, type IconName } from './Icon.tsx'
import { common } from './words.ts'

/** While the first answer is awaited: the shape of what comes, and a word for who cannot see it. */
export function Loading({ lines = 6, height = 20 }: { lines?: number; height?: number }) {
  const { loading } = useWords(common)
  return (
    <Stack gap="sm" p="md" role="status">
      <VisuallyHidden>{loading}</VisuallyHidden>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={height} width={index % 3 === 2 ? '62%' : '100%'} />
      ))}
    </Stack>
  )
}

/** Nothing to show, why that is, and what could be done. */
export function Empty({
  title,
  children,
  icon = 'info',
  action,
}: {
  title?: string
  children?: ReactNode
  icon?: IconName
  action?: ReactNode
}) {
  const { nothing } = useWords(common)
  return (
    <Center p="xl">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <Text c="dimmed">
          <Icon name={icon} size={28} />
        </Text>
        <Text fw={600}>{title ?? nothing}</Text>
        {children !== undefined && (
          <Text component="div" c="dimmed">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  )
}

/** Filters that nothing passes, and the way on: to take them away. */
export function NoneFound({
  title,
  children,
  clear,
}: {
  title: string
  children: ReactNode
  clear: () => void
}) {
  const words = useWords(common)
  return (
    <Empty
      icon="search"
      title={title}
      action={
        <Button variant="default" onClick={clear}>
          {words.clearFilters}
        </Button>
      }
    >
      {children}
    </Empty>
  )
}

/** What failed, what to do about it, and a button that asks again. */
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords(common)
  const toSentence = useSentence()
  const requestId = error instanceof ApiProblem ? error.requestId : null
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      title={words.wentWrong}
      icon={<Icon name="failed" />}
    >
      <Text c="var(--ink)">{toSentence(error)}</Text>
      {requestId !== null && (
        <Text c="dimmed" size="xs" className="mono" mt={4}>
          {words.requestId(requestId)}
        </Text>
      )}
      {retry !== undefined && (
        <Button
          mt="sm"
          size="xs"
          variant="default"
          onClick={retry}
          leftSection={<Icon name="refresh" size={14} />}
        >
          {words.retry}
        </Button>
      )}
    </Alert>
  )
}

/** Why what was asked for was not done; nothing where nothing failed. */
export function Refusal({ error }: { error: unknown }) {
  const toSentence = useSentence()
  if (error === null) return null
  return (
    <Alert role="alert" color="red">
      {toSentence(error)}
    </Alert>
  )
}
