import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { Problem } from '../../common/problem';
import { useTexts } from '../../texts/texts';
import type { Role } from '../use-members';
import { PeopleField } from './people-field';

type Props = {
  text: string;
  setText: (text: string) => void;
  roles: readonly Role[];
  roleId: string;
  setRoleId: (roleId: string) => void;
  mayInviteNewPeople: boolean;
  error: Error | null;
  isPending: boolean;
  onPreview: () => void;
};

export function PeopleForm(props: Props) {
  const { add } = useTexts();
  const { text, setText, roles, roleId, setRoleId, error, isPending, onPreview } = props;
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {props.mayInviteNewPeople ? add.mayInvite : add.mayOnlyAdd}
      </Text>
      <PeopleField text={text} setText={setText} />
      <NativeSelect
        label={add.role}
        maw={260}
        data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
        value={roleId}
        onChange={(event) => setRoleId(event.currentTarget.value)}
      />
      {error && <Problem error={error} />}
      <Group justify="flex-end">
        <Button onClick={onPreview} loading={isPending} disabled={text.trim() === ''}>
          {add.preview}
        </Button>
      </Group>
    </Stack>
  );
}
