import type { Schemas } from '../api/client';
import { type PageTexts, usePageTexts } from '../texts/texts';

type Access = Schemas['InviteAccess'];
type ObstacleTexts = Readonly<Record<NonNullable<Access['obstacle']>, string>>;

const en: ObstacleTexts = {
  permission_missing: 'You may not add members here. An admin of the workspace or of the organization can.',
  workspace_invites_disabled:
    'New people are invited by admins of the organization, who can allow workspace admins to invite as well.',
  invites_disabled:
    'Invitations are off in this organization. An admin of the organization can switch them on.',
  personal_organization: 'A personal organization has no other members.',
};
const de: ObstacleTexts = {
  permission_missing:
    'Sie dürfen hier keine Mitglieder hinzufügen. Ein Admin des Workspace oder der Organisation darf es.',
  workspace_invites_disabled:
    'Neue Personen laden Admins der Organisation ein. Sie können es auch Workspace-Admins erlauben.',
  invites_disabled:
    'Einladungen sind in dieser Organisation ausgeschaltet. Ein Admin der Organisation kann sie einschalten.',
  personal_organization: 'Eine persönliche Organisation hat keine anderen Mitglieder.',
};
const obstacleTexts: PageTexts<ObstacleTexts> = { en, de };

/**
 * Why the caller may not invite new people, without the names of permissions and settings that the server's message has;
 * null if they may.
 */
export function useInviteObstacle(access: Access | null | undefined): string | null {
  const texts = usePageTexts(obstacleTexts);
  return access?.obstacle ? texts[access.obstacle] : null;
}
