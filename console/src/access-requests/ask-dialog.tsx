import { Button, Group, NativeSelect, Stack } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { type Role, useWorkspaceRoles } from '../roles/role-list';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts } from '../texts/texts';
import { DAY, ReasonField, useRequestWords } from './request-facts';
import { accessRequestTexts } from './texts';
import { type AccessTarget, useAsk } from './use-access-requests';

const DURATIONS = [1, 7, 30, 90].map((days) => days * DAY);
const ALWAYS = '';

/** Asks for a role in a workspace, or to be in a user group. */
export function AskDialog({ target, onClose }: { target: AccessTarget; onClose: () => void }) {
  const { common } = useTexts();
  const texts = usePageTexts(accessRequestTexts);
  const { lengthOf } = useRequestWords();
  const saved = useSaved();
  const ask = useAsk();
  const isWorkspace = target.kind === 'workspace';
  const roles = useRolesToAskFor(target);
  const [chosen, setRole] = useState('');
  const [duration, setDuration] = useState(String(7 * DAY));
  const [reason, setReason] = useState('');
  const roleId = chosen || (roles[0]?.id ?? '');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const what = isWorkspace ? { workspace_id: target.id, role_id: roleId } : { user_group_id: target.id };
    const seconds = duration === ALWAYS ? null : Number(duration);
    const onSuccess = () => {
      saved({ text: texts.wasSent });
      onClose();
    };
    ask.mutate({ ...what, reason: reason.trim(), duration_seconds: seconds }, { onSuccess });
  };
  return (
    <Dialog title={texts.askFor(target.name)} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          {ask.error && <Problem error={ask.error} />}
          {isWorkspace && (
            <NativeSelect
              label={texts.role}
              data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
              value={roleId}
              onChange={(event) => setRole(event.currentTarget.value)}
            />
          )}
          <NativeSelect
            label={texts.howLong}
            data={[
              ...DURATIONS.map((seconds) => ({ value: String(seconds), label: lengthOf(seconds) })),
              { value: ALWAYS, label: texts.permanently },
            ]}
            value={duration}
            onChange={(event) => setDuration(event.currentTarget.value)}
          />
          <ReasonField
            label={texts.reason}
            description={texts.reasonHint}
            value={reason}
            onChange={setReason}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button
              type="submit"
              loading={ask.isPending}
              disabled={reason.trim() === '' || (isWorkspace && roleId === '')}
            >
              {texts.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Viewer first. */
function useRolesToAskFor(target: AccessTarget): Role[] {
  const { data: roles = [] } = useWorkspaceRoles();
  const isViewer = ({ name }: Role) => name === 'WORKSPACE_VIEWER';
  return roles
    .filter(({ id, is_restricted: isRestricted }) => !isRestricted && id !== target.role_id)
    .toSorted((a, b) => Number(isViewer(b)) - Number(isViewer(a)));
}
