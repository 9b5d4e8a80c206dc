import type { PageTexts } from '../texts/texts';

/** Of invitations for which nothing was mailed. */
const en = {
  renewed: (who: string) => `The invitation of ${who} was renewed.`,
  noMail: 'Nothing was mailed, since this installation has no mail server.',
  tellAddress: (address: string) => `Tell them to sign in at ${address}`,
  copyAddress: 'Copy the address',
  copied: (address: string) => `${address} was copied.`,
  createLink:
    'They join with a password link, which you create in the menu beside the invitation, in the members of the organization.',
  askForLink: 'They join with a password link, which an Organization Admin creates and hands to them.',
};

const de: typeof en = {
  renewed: (who) => `Die Einladung von ${who} wurde erneuert.`,
  noMail: 'Es wurde keine E-Mail gesendet, weil diese Installation keinen Mailserver hat.',
  tellAddress: (address) => `Teilen Sie den Eingeladenen diese Adresse für die Anmeldung mit: ${address}`,
  copyAddress: 'Adresse kopieren',
  copied: (address) => `${address} wurde kopiert.`,
  createLink:
    'Beigetreten wird mit einem Passwort-Link. Sie erstellen ihn im Menü neben der Einladung, bei den Mitgliedern der Organisation.',
  askForLink: 'Beigetreten wird mit einem Passwort-Link, den ein Organization Admin erstellt und übergibt.',
};

export const withoutMailTexts: PageTexts<typeof en> = { en, de };
