import { Anchor, Group } from '@mantine/core'
import { Link } from 'react-router'
import { Icon } from './Icon.tsx'

/** Over what was opened from a list: the way back there. */
export function BackLink({ children }: { children: string }) {
  return (
    <Anchor component={Link} to=".." relative="path" size="sm">
      <Group component="span" gap={4} display="inline-flex" mb="xs">
        <Icon name="back" size={14} /> {children}
      </Group>
    </Anchor>
  )
}
