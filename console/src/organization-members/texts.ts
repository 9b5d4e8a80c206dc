import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Who may invite',
  text: 'How new people are invited to this organization.',
  invitations: 'Invitations',
  invitationsText: 'New people can be invited to the organization.',
  workspaceAdmins: 'Workspace admins may invite new people',
  workspaceAdminsText: 'They may invite new people from their own workspaces.',
  fixedByOperator: 'The operator of this installation has decided this.',
  toSettings: 'Who may invite people is set under Settings.',
  mailRefused: 'Mail refused',
  refusedOn: (code: string, time: string) => `Mail refused on ${time} (${code})`,
  toSingleSignOn: 'Whether people join without an invitation is set on the page of single sign-on.',
};

const de: typeof en = {
  title: 'Wer einladen darf',
  text: 'Wie neue Personen zu dieser Organisation eingeladen werden.',
  invitations: 'Einladungen',
  invitationsText: 'Neue Personen können zur Organisation eingeladen werden.',
  workspaceAdmins: 'Workspace-Admins dürfen neue Personen einladen',
  workspaceAdminsText: 'Sie dürfen neue Personen aus ihren eigenen Workspaces einladen.',
  fixedByOperator: 'Das hat der Betreiber dieser Installation festgelegt.',
  toSettings: 'Wer einladen darf, steht unter Einstellungen.',
  mailRefused: 'E-Mail abgelehnt',
  refusedOn: (code, time) => `E-Mail abgelehnt am ${time} (${code})`,
  toSingleSignOn: 'Ob Personen ohne Einladung beitreten, steht auf der Seite zum Single Sign-on.',
};

export const invitationTexts: PageTexts<typeof en> = { en, de };
