import { Group, Stack, Text } from '@mantine/core'
import { useParams } from 'react-router'
import { useSession } from '../../api/session.ts'
import { useWords } from '../../i18n/words.ts'
import { BackLink } from '../../parts/BackLink.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Empty, Failure, Loading } from '../../parts/states.tsx'
import { Mark } from '../../parts/StatusBadge.tsx'
import { Reply } from './Reply.tsx'
import { Turns } from './Turns.tsx'
import { useConversation, useInbound } from './use-conversation.ts'
import { words as pageWords } from './words.ts'

/** What was said with one person, as a chat that goes on. */
export function ConversationView() {
  const words = useWords(pageWords)
  const { id = '' } = useParams()
  const { may_unmask: mayOpen } = useSession()
  const inbound = useInbound(id, mayOpen)
  const phone = inbound.data?.phone
  const { turns, optedOut, isWhole, error, readAgain } = useConversation(phone)
  const content = () => {
    if (!mayOpen) {
      return (
        <Empty icon="privacy" title={words.mayNot}>
          {words.mayNotOpen}
        </Empty>
      )
    }
    if (inbound.error) {
      return <Failure error={inbound.error} retry={() => void inbound.refetch()} />
    }
    if (inbound.data === null) return <Empty icon="search" title={words.notFound} />
    if (phone === null) {
      return (
        <Empty icon="privacy" title={words.erased}>
          {words.erasedText}
        </Empty>
      )
    }
    if (error) return <Failure error={error} retry={readAgain} />
    if (!turns || phone === undefined) return <Loading lines={9} />
    return (
      <Stack gap="md" maw={820}>
        {!isWhole && <Text c="var(--wait)">{words.tooMany}</Text>}
        <Turns turns={turns} />
        <Reply key={phone} phone={phone} optedOut={optedOut} onSent={readAgain} />
      </Stack>
    )
  }
  return (
    <>
      <BackLink>{words.backToList}</BackLink>
      <PageHeader
        title={words.conversation}
        description={
          phone && (
            <Group gap="md">
              <Text span className="mono" c="var(--ink)">
                {phone}
              </Text>
              {inbound.data?.customer_id}
              {optedOut && (
                <Mark tone="bad" icon="block">
                  {words.optedOut}
                </Mark>
              )}
              {turns && (
                <Mark tone="still" icon="refresh">
                  {words.live}
                </Mark>
              )}
            </Group>
          )
        }
      />
      {content()}
    </>
  )
}
