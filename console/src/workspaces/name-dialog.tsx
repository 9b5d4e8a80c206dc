import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { useSaved } from '../saved/saved';
import type { Workspace, WorkspaceName } from '../session/use-workspaces';
import { usePageTexts, useTexts } from '../texts/texts';
import { workspacesTexts } from './texts';
import { useWorkspaceActions } from './use-workspace-list';

const MAX_LENGTH = 255;

type Props = {
  /** Null for a new one. */
  workspace: Workspace | null;
  all: readonly WorkspaceName[];
  onClose: () => void;
};

/** Creates or renames a workspace. A name that another one has is allowed, with a warning. */
export function NameDialog({ workspace, all, onClose }: Props) {
  const { common } = useTexts();
  const texts = usePageTexts(workspacesTexts);
  const before = workspace?.display_name ?? '';
  const [typed, setName] = useState(before);
  const name = typed.normalize('NFC').trim();
  const { create, rename } = useWorkspaceActions();
  const saved = useSaved();
  const change = workspace ? rename : create;
  const isTaken = all.some((other) => other.id !== workspace?.id && other.display_name === name);
  const action = workspace ? texts.rename : texts.create;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      saved({ text: workspace ? texts.wasRenamed(before, name) : texts.wasCreated(name) });
      onClose();
    };
    if (workspace) rename.mutate({ id: workspace.id, name }, { onSuccess });
    else create.mutate({ name }, { onSuccess });
  };
  return (
    <Dialog title={workspace ? texts.renameTitle(before) : texts.create} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.name}
            description={texts.nameHint}
            value={typed}
            maxLength={MAX_LENGTH}
            required
            withAsterisk={false}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {isTaken && (
            <Alert color="yellow" className="wrapped">
              {texts.nameTaken(name)}
            </Alert>
          )}
          {workspace && !!workspace.provisioned_role_count && (
            <Text size="sm">{texts.provisionedRoles(workspace.provisioned_role_count, before)}</Text>
          )}
          {change.error && <Problem error={change.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={change.isPending} disabled={name === '' || name === before}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
