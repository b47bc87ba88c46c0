import { Anchor, Button, Center, VisuallyHidden } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-router'
import { useFormat } from '../../i18n/format.ts'
import { useWords } from '../../i18n/words.ts'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { common } from '../../parts/words.ts'
import { byDay } from './by-day.ts'
import { KeywordMark } from './KeywordMark.tsx'
import type { Turn } from './read-turns.ts'
import classes from './turns.module.css'
import { words as pageWords } from './words.ts'

const SHOWN = 100

/** Oldest first, with the newest in sight; a screen reader is told of what comes. */
export function Turns({ turns }: { turns: readonly Turn[] }) {
  const words = useWords(pageWords)
  const { number, day: dayOf } = useFormat()
  const [count, setCount] = useState(SHOWN)
  const log = useRef<HTMLDivElement>(null)
  const last = turns.at(-1)?.id
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [last])
  const hidden = Math.max(0, turns.length - count)
  return (
    <div
      ref={log}
      role="log"
      aria-label={words.log}
      tabIndex={0}
      className={`surface ${classes['log'] ?? ''}`}
    >
      {hidden > 0 && (
        <Center>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => {
              setCount(count + SHOWN)
            }}
          >
            {words.earlier(number(Math.min(hidden, SHOWN)))}
          </Button>
        </Center>
      )}
      {byDay(turns.slice(hidden), dayOf).map(({ day, turns: ofDay }) => (
        <section key={day} aria-label={day}>
          <h2 className={classes['day']}>{day}</h2>
          <ol className={classes['turns']}>
            {ofDay.map((turn) => (
              <OneTurn key={turn.id} turn={turn} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  )
}

function OneTurn({ turn }: { turn: Turn }) {
  const words = useWords(pageWords)
  const { erased } = useWords(common)
  const { clock, full } = useFormat()
  const isOurs = turn.direction === 'outbound'
  return (
    <li className={`${classes['turn'] ?? ''} ${isOurs ? (classes['ours'] ?? '') : ''}`}>
      <VisuallyHidden>{isOurs ? words.us : words.them}</VisuallyHidden>
      <div className={classes['bubble']}>{turn.message ?? erased}</div>
      <div className={classes['facts']}>
        {turn.keyword && <KeywordMark keyword={turn.keyword} />}
        {turn.media_urls.length > 0 && (
          <span>
            {words.pictures}: {turn.media_urls.length}
          </span>
        )}
        {turn.status && <StatusBadge status={turn.status} />}
        <time dateTime={turn.at} title={full(turn.at)}>
          {clock(turn.at)}
        </time>
        {isOurs && (
          <Anchor
            component={Link}
            to={`/messages/${turn.id}`}
            inherit
            aria-label={`${words.details}, ${clock(turn.at)}`}
          >
            {words.details}
          </Anchor>
        )}
      </div>
    </li>
  )
}
