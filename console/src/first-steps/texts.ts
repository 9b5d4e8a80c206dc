import type { PageTexts } from '../texts/texts';

const en = {
  title: 'First steps',
  done: (count: number, total: number) => `${count} of ${total} done`,
  isDone: 'Done',
  hide: 'Hide the first steps',
  invite: 'Invite your team',
  inviteText: 'Add people to a workspace; who is new is invited to the organization as well.',
  signOn: 'Connect single sign-on',
  signOnText:
    'The operator registers your identity provider (docs/sso.md); who joins, and where, is set here.',
  scim: 'Connect SCIM',
  scimText: 'With a SCIM token, your identity provider adds, changes and removes people by itself.',
};

const de: typeof en = {
  title: 'Erste Schritte',
  done: (count, total) => `${count} von ${total} erledigt`,
  isDone: 'Erledigt',
  hide: 'Erste Schritte ausblenden',
  invite: 'Ihr Team einladen',
  inviteText:
    'Fügen Sie Personen zu einem Workspace hinzu; wer neu ist, wird auch zur Organisation eingeladen.',
  signOn: 'Single Sign-on verbinden',
  signOnText:
    'Der Betreiber trägt Ihren Identity-Provider ein (docs/sso.md); wer wo beitritt, stellen Sie hier ein.',
  scim: 'SCIM verbinden',
  scimText: 'Mit einem SCIM-Token legt Ihr Identity-Provider selbst Personen an, ändert und entfernt sie.',
};

export const firstStepTexts: PageTexts<typeof en> = { en, de };
