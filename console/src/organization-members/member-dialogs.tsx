import { useState } from 'react';
import { ConfirmDialog } from '../common/confirm-dialog';
import { EndCreated } from '../created-credentials/end-created';
import { createdTexts } from '../created-credentials/texts';
import type { MemberDialogProps } from '../members/active-list';
import { usePageTexts, useTexts } from '../texts/texts';
import { type OrganizationMember, useOrganizationMemberActions } from './use-organization-members';

type Props = MemberDialogProps<OrganizationMember>;

/** Removes a member and, if asked to, deletes the keys that they created. Their tokens end in any case. */
export function RemoveMemberDialog({ member, who, onDone, onClose }: Props) {
  const { members, organizationMembers } = useTexts();
  const { deleteByMember } = usePageTexts(createdTexts);
  const { remove } = useOrganizationMemberActions();
  const [revokeCreated, setRevokeCreated] = useState(false);
  return (
    <ConfirmDialog
      title={members.removeTitle(who)}
      text={organizationMembers.removeText}
      action={organizationMembers.remove}
      change={remove}
      input={{ id: member.id, revokeCreated }}
      onDone={onDone}
      onClose={onClose}
    >
      <EndCreated
        creator={{ userId: member.user_id }}
        label={deleteByMember}
        isChecked={revokeCreated}
        onChange={setRevokeCreated}
      />
    </ConfirmDialog>
  );
}

/** Lowers a role and, if asked to, ends the keys and tokens that the member created. */
export function LowerRoleDialog({ member, who, role, onDone, onClose }: Props & { role: Role }) {
  const texts = usePageTexts(createdTexts);
  const { changeRole } = useOrganizationMemberActions();
  const [revokeCreated, setRevokeCreated] = useState(false);
  return (
    <ConfirmDialog
      title={texts.lowerTitle(who)}
      text={texts.lowerText(role.display_name)}
      action={texts.lower}
      change={changeRole}
      input={{ id: member.id, roleId: role.id, revokeCreated }}
      onDone={() => onDone({ isFinal: revokeCreated })}
      onClose={onClose}
    >
      <EndCreated
        creator={{ userId: member.user_id }}
        label={texts.endByMember}
        withTokens
        isChecked={revokeCreated}
        onChange={setRevokeCreated}
      />
    </ConfirmDialog>
  );
}

type Role = { readonly id: string; readonly display_name: string };

const HIGHEST_FIRST = [
  'ORGANIZATION_ADMIN',
  'ORGANIZATION_OPERATOR',
  'ORGANIZATION_USER',
  'ORGANIZATION_VIEWER',
];

/** Both are names of roles of the organization. */
export const isLower = (name: string, than: string): boolean =>
  HIGHEST_FIRST.indexOf(name) > HIGHEST_FIRST.indexOf(than);
