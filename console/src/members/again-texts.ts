import type { PageTexts } from '../texts/texts';

/** Of what is offered after somebody was removed, or an invitation revoked. */
const en = {
  addAgain: 'Add again',
  added: (who: string) => `${who} was added again, with the role of before.`,
  inviteAgain: 'Invite again',
  invited: (who: string) => `${who} was invited again, as before.`,
  invitedWithoutWorkspaces: (who: string) =>
    `${who} was invited again with the organization role of before, to no workspace. Their former keys and tokens stay deleted.`,
};

const de: typeof en = {
  addAgain: 'Wieder hinzufügen',
  added: (who) => `${who} wurde wieder hinzugefügt, mit der vorherigen Rolle.`,
  inviteAgain: 'Wieder einladen',
  invited: (who) => `${who} wurde wieder eingeladen, wie zuvor.`,
  invitedWithoutWorkspaces: (who) =>
    `${who} wurde mit der vorherigen Organisationsrolle wieder eingeladen, zu keinem Workspace. Gelöschte Schlüssel und Tokens bleiben gelöscht.`,
};

export const againTexts: PageTexts<typeof en> = { en, de };
