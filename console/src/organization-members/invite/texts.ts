import type { PageTexts } from '../../texts/texts';

const en = {
  button: 'Invite people',
  title: (organization: string) => `Invite people to ${organization}`,
  role: 'Role in the organization',
  workspaces: 'Workspaces (optional)',
  workspaceRole: 'Role in these workspaces',
  send: (count: number) => (count === 1 ? 'Invite 1 person' : `Invite ${count} people`),
};

const de: typeof en = {
  button: 'Personen einladen',
  title: (organization) => `Personen zu ${organization} einladen`,
  role: 'Rolle in der Organisation',
  workspaces: 'Workspaces (optional)',
  workspaceRole: 'Rolle in diesen Workspaces',
  send: (count) => (count === 1 ? '1 Person einladen' : `${count} Personen einladen`),
};

export const inviteTexts: PageTexts<typeof en> = { en, de };
