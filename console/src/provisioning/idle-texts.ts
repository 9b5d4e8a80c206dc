import type { Schemas } from '../api/client';
import type { PageTexts } from '../texts/texts';

type IdleCode = Schemas['ScimGroupIdleCode'];
type IdleTexts = Readonly<Record<IdleCode | 'needsAdminToken' | 'followed', string>>;

/** Why the name of a group gives no role. */
const en: IdleTexts = {
  malformed: 'Gives no role: its name does not follow the naming rule.',
  unknown: 'Gives no role: its name contains a workspace or a role that does not exist here.',
  unconfirmed:
    'Gives no role yet: an Organization Admin has to save the name of the workspace once, unchanged if it is right.',
  ambiguous: 'Gives no role: its name can be read in more than one way.',
  workspace_deleted: 'Gives no role: its workspace was deleted.',
  needsAdminToken:
    'It was written with a token of an Organization Operator. Let a token of an Organization Admin rename it.',
  followed: 'A user group has its members.',
};

const de: IdleTexts = {
  malformed: 'Gibt keine Rolle: Der Name folgt nicht der Namensregel.',
  unknown: 'Gibt keine Rolle: Der Name enthält einen Workspace oder eine Rolle, die es hier nicht gibt.',
  unconfirmed:
    'Gibt noch keine Rolle: Ein Organization Admin muss den Namen des Workspaces einmal speichern, unverändert, wenn er stimmt.',
  ambiguous: 'Gibt keine Rolle: Der Name lässt sich auf mehrere Arten lesen.',
  workspace_deleted: 'Gibt keine Rolle: Der Workspace wurde gelöscht.',
  needsAdminToken:
    'Ein Token eines Organization Operators hat sie geschrieben. Lassen Sie sie mit einem Token eines Organization Admins umbenennen.',
  followed: 'Eine Benutzergruppe übernimmt die Mitglieder.',
};

export const idleTexts: PageTexts<IdleTexts> = { en, de };
