import { Box, Group, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A part of a page in a box, named by its heading. */
export function Section({
  title,
  children,
  aside,
  bare = false,
}: {
  title: string
  children: ReactNode
  /** At the end of the heading's line. */
  aside?: ReactNode
  /** Without the box: for what brings its own. */
  bare?: boolean
}) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <Group justify="space-between" mb="xs" gap="xs">
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {bare ? (
        children
      ) : (
        <Box className="surface" p="md">
          {children}
        </Box>
      )}
    </section>
  )
}
