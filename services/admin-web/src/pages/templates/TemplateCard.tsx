import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { TemplateResponse } from '@sms-gateway/contracts/templates'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { Mark } from '../../parts/StatusBadge.tsx'
import { isSendable, shareOf } from './draft.ts'
import { words as pageWords } from './words.ts'

export function TemplateCard({ template }: { template: TemplateResponse }) {
  const words = useWords(pageWords)
  const { number } = useFormat()
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs">
        <CodeLink template={template} />
        <State template={template} />
      </Group>
      <Text>{template.name}</Text>
      <Group justify="space-between" gap="xs">
        <Variants template={template} />
        <Text size="sm" c="dimmed">
          {words.version(number(template.version))}
        </Text>
      </Group>
    </Stack>
  )
}

export function CodeLink({ template: { code } }: { template: TemplateResponse }) {
  return (
    <Anchor component={Link} to={code} className="mono" fw={550}>
      {code}
    </Anchor>
  )
}

export function State({ template: { variants } }: { template: TemplateResponse }) {
  const words = useWords(pageWords)
  return variants.some(isSendable) ? (
    <Mark tone="good" icon="check">
      {words.sendable}
    </Mark>
  ) : (
    <Mark tone="still" icon="block">
      {words.idle}
    </Mark>
  )
}

export function Variants({ template: { variants } }: { template: TemplateResponse }) {
  const { share } = useFormat()
  return (
    <Text span inherit c="dimmed">
      {variants.map((each) => `${each.variant} ${share(shareOf(each, variants))}`).join(' · ')}
    </Text>
  )
}
