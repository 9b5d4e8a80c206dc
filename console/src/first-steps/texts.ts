import type { PageTexts } from '../texts/texts';

const en = {
  title: 'First steps',
  done: (count: number, total: number) => `${count} of ${total} done`,
  isDone: 'Done',
  hide: 'Hide the first steps',
  password: 'Choose a password of your own',
  passwordText: 'The present one was set for you: by the installation, or by an admin who knows it.',
  invite: 'Invite your team',
  inviteText: 'Invite people to the organization, and to its workspaces at once.',
  signOn: 'Connect single sign-on',
  signOnText: 'The operator registers your identity provider; who joins, and where, is set here.',
  scim: 'Connect SCIM',
  scimText: 'With a SCIM token, your identity provider adds, changes and removes people by itself.',
};

const de: typeof en = {
  title: 'Erste Schritte',
  done: (count, total) => `${count} von ${total} erledigt`,
  isDone: 'Erledigt',
  hide: 'Erste Schritte ausblenden',
  password: 'Ein eigenes Passwort wählen',
  passwordText: 'Das jetzige wurde für Sie gesetzt: von der Installation oder von einem Admin, der es kennt.',
  invite: 'Ihr Team einladen',
  inviteText: 'Laden Sie Personen zur Organisation ein, auch gleich zu ihren Workspaces.',
  signOn: 'Single Sign-on verbinden',
  signOnText: 'Der Betreiber trägt Ihren Identity-Provider ein; wer wo beitritt, stellen Sie hier ein.',
  scim: 'SCIM verbinden',
  scimText: 'Mit einem SCIM-Token legt Ihr Identity-Provider selbst Personen an, ändert und entfernt sie.',
};

export const firstStepTexts: PageTexts<typeof en> = { en, de };
