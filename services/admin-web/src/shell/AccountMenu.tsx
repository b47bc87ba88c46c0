import { Button, Menu, Text } from '@mantine/core'
import { useSession, useSignOut } from '../api/session.ts'
import { useWords } from '../i18n/words.ts'
import { Icon } from '../parts/Icon.tsx'
import { shellWords } from './words.ts'

/** Who is signed in, as what, and the way out. */
export function AccountMenu() {
  const words = useWords(shellWords)
  const session = useSession()
  const signOut = useSignOut()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          px="xs"
          leftSection={<Icon name="user" />}
          aria-label={`${words.account}: ${session.name}`}
        >
          <Text span truncate maw={160} visibleFrom="xs">
            {session.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name} · {words.roles[session.role]}
        </Menu.Label>
        <Menu.Item
          leftSection={<Icon name="leave" size={16} />}
          onClick={() => {
            signOut.mutate()
          }}
        >
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
