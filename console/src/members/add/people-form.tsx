import { Button, FileButton, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { Problem } from '../../common/problem';
import { useTexts } from '../../texts/texts';
import type { Role } from '../use-members';

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
  const [isOver, setIsOver] = useState(false);
  const read = async (file: File | null | undefined) => file && setText(await file.text());
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void read(event.dataTransfer.files[0]);
  };
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {props.mayInviteNewPeople ? add.mayInvite : add.mayOnlyAdd}
      </Text>
      <div
        className="people-drop"
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={drop}
      >
        <Textarea
          label={add.people}
          description={add.peopleHint}
          placeholder={'ada@example.com\ngrace@example.com'}
          rows={8}
          data-autofocus
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Group gap="xs">
        <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => void read(file)}>
          {(button) => (
            <Button {...button} variant="default" size="xs">
              {add.file}
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {add.dropHere}
        </Text>
      </Group>
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
