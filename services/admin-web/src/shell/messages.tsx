import { Button } from '@mantine/core'
import { Link, useRouteError } from 'react-router'
import { useWords } from '../i18n/words.ts'
import { PageHeader } from '../parts/PageHeader.tsx'
import { Empty } from '../parts/states.tsx'
import { shellWords } from './words.ts'

export function NotFound() {
  const words = useWords(shellWords)
  return (
    <>
      <PageHeader title={words.notFound} />
      <Empty
        icon="search"
        title={words.notFoundText}
        action={
          <Button component={Link} to="/" variant="default">
            {words.toOverview}
          </Button>
        }
      />
    </>
  )
}

/** A page that threw, or whose file is gone since the gateway was updated. */
export function Crashed() {
  const words = useWords(shellWords)
  const error = useRouteError()
  return (
    <>
      <PageHeader title={words.crashed} />
      <Empty
        icon="failed"
        title={words.crashedText}
        action={
          <Button
            onClick={() => {
              window.location.reload()
            }}
          >
            {words.reload}
          </Button>
        }
      >
        <span className="mono">{error instanceof Error ? error.message : String(error)}</span>
      </Empty>
    </>
  )
}
