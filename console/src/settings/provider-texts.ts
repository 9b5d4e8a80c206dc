import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Identity provider',
  text: 'The operator of this installation connects it, for all organizations.',
  passwords: 'People sign in with passwords.',
  connect: 'How to connect an identity provider',
  reachable: 'The server reads its metadata',
  unreachable: 'The server does not reach it',
  unknown: 'Not checked yet',
  again: 'Check again',
  connection: 'Connection details, to compare and to enter there',
  issuer: 'Issuer',
  clientId: 'Client ID',
  scopes: 'Scopes',
  redirect: 'Redirect address (callback)',
  afterLogout: 'Address after the logout',
  backchannel: 'Back-channel logout',
  frontchannel: 'Front-channel logout',
  start: 'Login address (initiate login URI)',
};

const de: typeof en = {
  title: 'Identity-Provider',
  text: 'Der Betreiber dieser Installation verbindet ihn, für alle Organisationen.',
  passwords: 'Personen melden sich mit Passwort an.',
  connect: 'Wie ein Identity-Provider verbunden wird',
  reachable: 'Der Server liest seine Metadaten',
  unreachable: 'Der Server erreicht ihn nicht',
  unknown: 'Noch nicht geprüft',
  again: 'Erneut prüfen',
  connection: 'Verbindungsdaten, zum Vergleichen und Eintragen dort',
  issuer: 'Issuer',
  clientId: 'Client-ID',
  scopes: 'Scopes',
  redirect: 'Redirect-Adresse (Callback)',
  afterLogout: 'Adresse nach der Abmeldung',
  backchannel: 'Back-Channel-Logout',
  frontchannel: 'Front-Channel-Logout',
  start: 'Anmeldeadresse (Initiate Login URI)',
};

export const providerTexts: PageTexts<typeof en> = { en, de };
