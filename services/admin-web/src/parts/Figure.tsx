import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'

/** One number that counts, its name above and what explains it below. With `to` it leads to what it counts. */
export function Figure({
  label,
  value,
  note,
  to,
}: {
  label: ReactNode
  value: ReactNode
  note?: ReactNode
  to?: string
}) {
  const body = (
    <>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} fz="1.5rem" lh={1.25} fw={600}>
        {to === undefined ? (
          value
        ) : (
          <Link to={to} className="figure-link">
            {value}
          </Link>
        )}
      </Text>
      {note !== undefined && (
        <Text component="dd" m={0} size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </>
  )
  return <div style={{ minWidth: 0 }}>{body}</div>
}
