import { Button, Menu, Text } from '@mantine/core'
import { useSession, useSignOut, useSignOutEverywhere } from '../api/session.ts'
import { useWords } from '../i18n/words.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { Icon } from '../parts/Icon.tsx'
import { shellWords } from './words.ts'

/** Who is signed in, as what, and the ways out: of here, or of everywhere. */
export function AccountMenu() {
  const words = useWords(shellWords)
  const { name, oidc: isPerson } = useSession()
  const signOutEverywhere = useSignOutEverywhere()
  return (
    <Confirm
      title={words.everywhereTitle}
      confirm={words.signOutEverywhere}
      isDangerous
      act={signOutEverywhere.mutateAsync}
      opener={(ask) => <WaysOut askEverywhere={ask} />}
    >
      {words.everywhereText(name)} {!isPerson && words.sharedKey}
    </Confirm>
  )
}

function WaysOut({ askEverywhere }: { askEverywhere: () => void }) {
  const words = useWords(shellWords)
  const { name, role } = useSession()
  const signOut = useSignOut()
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          px="xs"
          leftSection={<Icon name="user" />}
          aria-label={`${words.account}: ${name}`}
        >
          <Text span truncate maw={160} visibleFrom="xs">
            {name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name} · {words.roles[role]}
        </Menu.Label>
        <Menu.Item
          leftSection={<Icon name="leave" size={16} />}
          onClick={() => {
            signOut.mutate()
          }}
        >
          {words.signOut}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="leave" size={16} />} onClick={askEverywhere}>
          {words.signOutEverywhere}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
