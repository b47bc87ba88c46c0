import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { useMay } from '../../api/session.ts'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { ConfirmAction } from '../../parts/ConfirmAction.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Time } from '../../parts/values.tsx'
import { useTemplateActions } from './api.ts'
import { versionWords } from './version-words.ts'
import { words as pageWords } from './words.ts'

interface RowProps {
  template: TemplateResponse
  current: number
  onCompare: () => void
}

export function VersionCard(props: RowProps) {
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <VersionName {...props} />
        <Text size="sm" c="dimmed" component="div">
          <Time at={props.template.created_at} />
        </Text>
      </Group>
      <VersionActions {...props} />
    </Stack>
  )
}

export function VersionName({ template: { version }, current }: Omit<RowProps, 'onCompare'>) {
  const words = useWords(versionWords)
  const page = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Group gap="xs" component="span">
      <Text span inherit fw={550}>
        {page.version(number(version))}
      </Text>
      {version === current && (
        <Mark tone="good" icon="check">
          {words.current}
        </Mark>
      )}
    </Group>
  )
}

export function Author({ author }: { author: string | null }) {
  const words = useWords(versionWords)
  if (author === null) return <>{words.seeded}</>
  return <span className="mono">{author}</span>
}

export function VersionActions({ template: { code, version }, current, onCompare }: RowProps) {
  const words = useWords(versionWords)
  const may = useMay()
  const { number } = useFormat()
  const { rollBack } = useTemplateActions(code)
  if (version === current) return null
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button variant="default" size="sm" onClick={onCompare}>
        {words.diffFromCurrent}
      </Button>
      {may('templates') && (
        <ConfirmAction
          label={words.rollBack}
          title={words.rollBackTitle(number(version))}
          confirm={words.rollBack}
          act={async () => {
            const made = await rollBack(version)
            notifications.show({ message: words.rolledBack(number(made.version)) })
          }}
        >
          {words.rollBackText(number(version))}
        </ConfirmAction>
      )}
    </Group>
  )
}
