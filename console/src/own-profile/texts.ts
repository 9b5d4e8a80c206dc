import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Profile and password',
  text: 'Your name and your password, in all organizations.',
  name: 'Your name',
  nameText: 'Other members see it beside your e-mail address.',
  nameSaved: 'Your name was saved.',
  password: 'Your password',
  byOwner: 'You chose your present password yourself.',
  byOther: 'Your present password was set for you. Choose one that only you know.',
  change: 'Change the password',
  changed: 'Your password was changed. Your other sessions have ended.',
};

const de: typeof en = {
  title: 'Profil und Passwort',
  text: 'Ihr Name und Ihr Passwort, in allen Organisationen.',
  name: 'Ihr Name',
  nameText: 'Andere Mitglieder sehen ihn neben Ihrer E-Mail-Adresse.',
  nameSaved: 'Ihr Name wurde gespeichert.',
  password: 'Ihr Passwort',
  byOwner: 'Ihr jetziges Passwort haben Sie selbst gewählt.',
  byOther: 'Ihr jetziges Passwort wurde für Sie gesetzt. Wählen Sie eines, das nur Sie kennen.',
  change: 'Passwort ändern',
  changed: 'Ihr Passwort wurde geändert. Ihre anderen Sitzungen sind beendet.',
};

export const profileTexts: PageTexts<typeof en> = { en, de };
