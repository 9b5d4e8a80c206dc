import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../common/dialog';
import { usePlace, type Workspace } from '../../shell/use-workspaces';
import { useTexts } from '../../texts/texts';
import { useRefreshMembers, useWorkspaceRoles } from '../use-members';
import { PeopleForm } from './people-form';
import { Preview } from './preview';
import { previewPeople } from './preview-people';
import { readPeople } from './read-people';
import { Result } from './result';
import { type Added, useAddPeople } from './use-add-people';

type Props = {
  workspace: Workspace;
  onClose: () => void;
  /** Called at the end with the tab that shows the added people. */
  onAdded: (tab: 'active' | 'pending') => void;
};

/** List → preview row by row → result row by row. */
export function AddMembersDialog({ workspace, onClose, onAdded }: Props) {
  const { add } = useTexts();
  const { api } = usePlace();
  const { data: roles = [] } = useWorkspaceRoles();
  const refresh = useRefreshMembers();
  const [text, setText] = useState('');
  const [roleId, setRoleId] = useState<string | null>(null);
  const [added, setAdded] = useState<Added | null>(null);
  const chosenRole = roleId ?? defaultRole(roles)?.id ?? '';
  const preview = useMutation({
    mutationFn: () =>
      previewPeople(api, readPeople(text), {
        roles,
        roleId: chosenRole,
        mayInviteNewPeople: workspace.invite_access?.may_invite_new_people ?? false,
      }),
  });
  const sending = useAddPeople();
  const close = () => {
    onClose();
    if (added) onAdded(added.joined.size > 0 ? 'active' : 'pending');
  };
  const send = () =>
    sending.mutate(preview.data ?? [], {
      onSuccess: (result) => {
        setAdded(result);
        void refresh();
      },
    });
  return (
    <Dialog
      title={add.title(workspace.display_name)}
      size="xl"
      closesOnClickOutside={text === ''}
      onClose={close}
    >
      {added && preview.data ? (
        <Result rows={preview.data} added={added} onClose={close} />
      ) : preview.data ? (
        <Preview
          rows={preview.data}
          roles={roles}
          error={sending.error}
          isSending={sending.isPending}
          onEdit={preview.reset}
          onSend={send}
        />
      ) : (
        <PeopleForm
          text={text}
          setText={setText}
          roles={roles}
          roleId={chosenRole}
          setRoleId={setRoleId}
          mayInviteNewPeople={workspace.invite_access?.may_invite_new_people ?? false}
          error={preview.error}
          isPending={preview.isPending}
          onPreview={() => preview.mutate()}
        />
      )}
    </Dialog>
  );
}

/** Editors read and write, and manage no members. */
const defaultRole = <Role extends { name: string }>(roles: readonly Role[]): Role | undefined =>
  roles.find(({ name }) => name === 'WORKSPACE_USER') ?? roles[0];
