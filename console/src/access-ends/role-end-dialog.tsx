import { Button, Group, NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../common/dialog';
import { Problem } from '../common/problem';
import { useChange } from '../api/use-change';
import type { RowAction } from '../common/row-menu';
import type { Role } from '../roles/role-list';
import { useSaved } from '../saved/saved';
import { usePageTexts, useTexts, useMinutes } from '../texts/texts';
import { EndField, useEnd } from './end-field';
import { isWithin, type EndRequests, type MemberWithEnd } from './role-until';
import { endTexts } from './texts';

type Props = {
  member: MemberWithEnd;
  who: string;
  roles: readonly Role[];
  requests: EndRequests;
  /** Whether another role can follow. */
  canReturn?: boolean;
  onClose: () => void;
};

/** Gives a role for good, until a moment, or until a moment with another role afterwards. */
export function RoleEndDialog({ member, who, roles, requests, canReturn = true, onClose }: Props) {
  const { common } = useTexts();
  const texts = usePageTexts(endTexts);
  const time = useMinutes();
  const saved = useSaved();
  const change = useChange(requests.changeEnd, ...requests.keys);
  const [roleId, setRoleId] = useState(member.role_id ?? '');
  const chosen = useEnd(member.access_expires_at);
  const [afterwards, setAfterwards] = useState<string | null>(null);
  const { end } = chosen;
  const role = roles.find(({ id }) => id === roleId);
  const later = roles.filter((other) => role && isWithin(other, role));
  const former = roleId === member.role_id ? member.reverts_to_role_id : member.role_id;
  const nextId = afterwards ?? former ?? '';
  const next = end && canReturn ? later.find(({ id }) => id === nextId) : undefined;
  const save = () => {
    if (!role || end === undefined) return;
    const name = role.display_name;
    const until = end && (next ? texts.untilThen(time(end), next.display_name) : texts.until(time(end)));
    change.mutate(
      { id: member.id, role_id: role.id, access_expires_at: end, reverts_to_role_id: next?.id ?? null },
      {
        onSuccess: () => {
          saved({ text: until ? texts.limited(who, name, until) : texts.permanent(who, name) });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog title={texts.title(who)} onClose={onClose}>
      <Stack>
        <NativeSelect
          label={texts.role}
          maw={300}
          data={roles.map(({ id, display_name: label }) => ({ value: id, label }))}
          value={roleId}
          onChange={(event) => setRoleId(event.currentTarget.value)}
        />
        <EndField {...chosen} />
        {end && canReturn && (
          <NativeSelect
            label={texts.afterwards}
            maw={300}
            description={next ? texts.returnText : texts.endText}
            inputWrapperOrder={['label', 'input', 'description']}
            data={[
              { value: '', label: texts.noAccess },
              ...later.map(({ id, display_name: name }) => ({ value: id, label: name })),
            ]}
            value={next?.id ?? ''}
            onChange={(event) => setAfterwards(event.currentTarget.value)}
          />
        )}
        {change.error && <Problem error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button loading={change.isPending} disabled={!role || end === undefined} onClick={save}>
            {common.save}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

type Asked = Pick<Props, 'member' | 'who'>;

/** The action in the menu of a row, and the dialog that it opens. */
export function useRoleEnd(options: Pick<Props, 'roles' | 'requests' | 'canReturn'>) {
  const { change } = usePageTexts(endTexts);
  const [asked, setAsked] = useState<Asked | null>(null);
  return {
    actionFor: (member: MemberWithEnd, who: string): RowAction => ({
      label: change,
      run: () => setAsked({ member, who }),
    }),
    dialog: asked && <RoleEndDialog {...options} {...asked} onClose={() => setAsked(null)} />,
  };
}
