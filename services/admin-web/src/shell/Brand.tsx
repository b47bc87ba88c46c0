import { Group, Text } from '@mantine/core'

/** The product's mark and name: one name in both languages. */
export function Brand() {
  return (
    <Group gap={8} wrap="nowrap">
      <img src="/icon.svg" width={26} height={26} alt="" />
      <Text fw={650} size="lg" style={{ whiteSpace: 'nowrap' }}>
        幸福氣{' '}
        <Text span inherit fw={450} c="dimmed">
          SMS gateway
        </Text>
      </Text>
    </Group>
  )
}
