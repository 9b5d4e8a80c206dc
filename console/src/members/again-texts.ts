import type { PageTexts } from '../texts/texts';

/** Texts about what is offered after somebody was removed, or an invitation was revoked. */
const en = {
  addAgain: 'Add again',
  added: (who: string, isOne: boolean) =>
    `${who} ${isOne ? 'was' : 'were'} added again, with the previous role.`,
  people: (count: number) => (count === 1 ? '1 person' : `${count} people`),
  notSent: (count: number) => `The server refused the other ${count}.`,
  inviteAgain: 'Invite again',
  invited: (who: string, isOne: boolean) => `${who} ${isOne ? 'was' : 'were'} invited again, as before.`,
  invitedWithoutWorkspaces: (who: string, isOne: boolean) =>
    `${who} ${isOne ? 'was' : 'were'} invited again with the previous organization role, and to no workspace. Their former keys and tokens stay deleted.`,
};

const de: typeof en = {
  addAgain: 'Wieder hinzufügen',
  added: (who, isOne) => `${who} ${isOne ? 'wurde' : 'wurden'} wieder hinzugefügt, mit der vorherigen Rolle.`,
  people: (count) => (count === 1 ? '1 Person' : `${count} Personen`),
  notSent: (count) => `Die anderen ${count} hat der Server abgelehnt.`,
  inviteAgain: 'Wieder einladen',
  invited: (who, isOne) => `${who} ${isOne ? 'wurde' : 'wurden'} wieder eingeladen, wie zuvor.`,
  invitedWithoutWorkspaces: (who, isOne) =>
    `${who} ${isOne ? 'wurde' : 'wurden'} mit der vorherigen Organisationsrolle wieder eingeladen, zu keinem Workspace. Gelöschte Schlüssel und Tokens bleiben gelöscht.`,
};

export const againTexts: PageTexts<typeof en> = { en, de };
