import type { PageTexts } from '../../texts/texts';

/** Texts about invitations for which nothing was mailed. */
const en = {
  renew: 'Renew the invitation',
  renewSelected: 'Renew',
  renewTitle: (count: number) =>
    count === 1 ? 'Renew the invitation of 1 person?' : `Renew the invitations of ${count} people?`,
  renewText:
    'They can then be accepted for as long as new ones. Nothing is mailed, since this installation has no mail server.',
  renewed: (who: string) => `The invitation of ${who} was renewed.`,
  noMail: 'Nothing was mailed, since this installation has no mail server.',
  tellAddress: (address: string) => `Tell them to sign in at ${address}`,
  copyAddress: 'Copy the address',
  copied: (address: string) => `${address} was copied.`,
  createLink:
    'They join with a password link, which you create in the menu beside the invitation, in the members of the organization.',
  askForLink: 'They join with a password link, which an Organization Admin creates and hands to them.',
  linksForAll:
    'Nothing was mailed, since this installation has no mail server. People join with password links, which you create and hand over.',
  createFor: (count: number) => (count === 1 ? 'Make a link' : `Make links for all ${count}`),
  waiting: 'Waiting for a link',
  createLinks: 'Create password links',
  title: (count: number) =>
    count === 1 ? 'Password link for 1 person' : `Password links for ${count} people`,
  question:
    'Whoever opens a link can choose the password of that person and join as them. Hand each link over in person or in another safe way.',
  consequences:
    'Each works once, for 24 hours, and replaces an earlier link. The passwords count as ones that you chose.',
  create: 'Create the links',
  created: (count: number) => (count === 1 ? '1 link was created.' : `${count} links were created.`),
  shownOnce: 'Copy the links now, they are not shown again. Each line holds an address, a tab and a link.',
  links: 'Links',
};

const de: typeof en = {
  renew: 'Einladung erneuern',
  renewSelected: 'Erneuern',
  renewTitle: (count) =>
    count === 1 ? 'Die Einladung von 1 Person erneuern?' : `Die Einladungen von ${count} Personen erneuern?`,
  renewText:
    'Sie gelten danach so lange wie neue Einladungen. Es wird keine E-Mail gesendet, weil diese Installation keinen Mailserver hat.',
  renewed: (who) => `Die Einladung von ${who} wurde erneuert.`,
  noMail: 'Es wurde keine E-Mail gesendet, weil diese Installation keinen Mailserver hat.',
  tellAddress: (address) => `Teilen Sie den Eingeladenen diese Adresse für die Anmeldung mit: ${address}`,
  copyAddress: 'Adresse kopieren',
  copied: (address) => `${address} wurde kopiert.`,
  createLink:
    'Beigetreten wird mit einem Passwort-Link. Sie erstellen ihn im Menü neben der Einladung, bei den Mitgliedern der Organisation.',
  askForLink: 'Beigetreten wird mit einem Passwort-Link, den ein Organization Admin erstellt und übergibt.',
  linksForAll:
    'Es wurde keine E-Mail gesendet, weil diese Installation keinen Mailserver hat. Beigetreten wird mit Passwort-Links, die Sie erstellen und übergeben.',
  createFor: (count) => (count === 1 ? 'Link erstellen' : `Links für alle ${count} erstellen`),
  waiting: 'Warten auf einen Link',
  createLinks: 'Passwort-Links erstellen',
  title: (count) => (count === 1 ? 'Passwort-Link für 1 Person' : `Passwort-Links für ${count} Personen`),
  question:
    'Wer einen Link öffnet, kann das Passwort dieser Person wählen und an ihrer Stelle beitreten. Übergeben Sie jeden Link persönlich oder auf einem anderen sicheren Weg.',
  consequences:
    'Jeder funktioniert einmal, 24 Stunden lang, und ersetzt einen früheren Link. Die Passwörter gelten als von Ihnen gewählt.',
  create: 'Links erstellen',
  created: (count) => (count === 1 ? '1 Link wurde erstellt.' : `${count} Links wurden erstellt.`),
  shownOnce:
    'Kopieren Sie die Links jetzt, sie werden nicht wieder angezeigt. Jede Zeile enthält eine Adresse, einen Tabulator und einen Link.',
  links: 'Links',
};

export const withoutMailTexts: PageTexts<typeof en> = { en, de };
