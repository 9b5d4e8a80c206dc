import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Strong sign-ins',
  text: 'How people must have signed in at the identity provider to use this organization. Keys and tokens are not affected.',
  levels: 'Accepted levels',
  levelsHint:
    'One of these has to be the value of “acr” that the identity provider sends. Press Enter after each.',
  methods: 'Required methods',
  methodsHint: 'All of these have to be among the values of “amr”, for example mfa.',
  malformed: 'A value is 1 to 100 letters, digits or signs, without spaces, quotation marks and backslashes.',
  age: 'Signed in at the identity provider',
  anyTime: 'At any time',
  ages: {
    900: 'In the last 15 minutes',
    3600: 'In the last hour',
    28800: 'In the last 8 hours',
    86400: 'In the last 24 hours',
    604800: 'In the last 7 days',
    2592000: 'In the last 30 days',
  } as Record<number, string>,
  otherAge: (seconds: number) => `In the last ${seconds} seconds`,
  all: 'All',
  none: 'None',
  onlyAdmins: 'Only an admin of the organization can change this.',
  own: 'Your own sign-in',
  ownLevel: 'Level',
  ownMethods: 'Methods',
  ownTime: 'Time',
  notSent: 'Not sent',
  ownMisses: 'Your own sign-in does not meet this yet. Sign in this way first; you come back to this page.',
  signIn: 'Sign in this way',
  weakerSessions: (count: number) =>
    count === 1
      ? 'One session is based on a weaker sign-in: its user has to sign in again here.'
      : `${count} sessions are based on weaker sign-ins: their users have to sign in again here.`,
  weakerTokens: (count: number) =>
    count === 1
      ? 'One access token was created with a weaker sign-in and keeps working.'
      : `${count} access tokens were created with weaker sign-ins and keep working.`,
  unknownTokens: (count: number) =>
    count === 1
      ? 'It is not known with which sign-in one access token was created; it keeps working.'
      : `It is not known with which sign-ins ${count} access tokens were created; they keep working.`,
  showTokens: 'Show them',
  saved: 'People need such a sign-in now.',
  savedNothing: 'Every sign-in is accepted now.',
};

const de: typeof en = {
  title: 'Starke Anmeldungen',
  text: 'Wie sich Personen beim Identity-Provider angemeldet haben müssen, um diese Organisation zu nutzen. Für Schlüssel und Token gilt es nicht.',
  levels: 'Zugelassene Stufen',
  levelsHint:
    'Eine davon muss der Wert von „acr“ sein, den der Identity-Provider sendet. Drücken Sie nach jeder die Eingabetaste.',
  methods: 'Verlangte Verfahren',
  methodsHint: 'Alle müssen unter den Werten von „amr“ sein, zum Beispiel mfa.',
  malformed:
    'Ein Wert hat 1 bis 100 Buchstaben, Ziffern oder Zeichen, ohne Leerzeichen, Anführungszeichen und umgekehrte Schrägstriche.',
  age: 'Beim Identity-Provider angemeldet',
  anyTime: 'Irgendwann',
  ages: {
    900: 'In den letzten 15 Minuten',
    3600: 'In der letzten Stunde',
    28800: 'In den letzten 8 Stunden',
    86400: 'In den letzten 24 Stunden',
    604800: 'In den letzten 7 Tagen',
    2592000: 'In den letzten 30 Tagen',
  },
  otherAge: (seconds) => `In den letzten ${seconds} Sekunden`,
  all: 'Alle',
  none: 'Keine',
  onlyAdmins: 'Nur ein Admin der Organisation kann das ändern.',
  own: 'Ihre eigene Anmeldung',
  ownLevel: 'Stufe',
  ownMethods: 'Verfahren',
  ownTime: 'Zeit',
  notSent: 'Nicht gesendet',
  ownMisses:
    'Ihre eigene Anmeldung erfüllt das noch nicht. Melden Sie sich zuerst so an; Sie kommen auf diese Seite zurück.',
  signIn: 'So anmelden',
  weakerSessions: (count) =>
    count === 1
      ? 'Eine Sitzung beruht auf einer schwächeren Anmeldung: Die Person muss sich hier neu anmelden.'
      : `${count} Sitzungen beruhen auf schwächeren Anmeldungen: Die Personen müssen sich hier neu anmelden.`,
  weakerTokens: (count) =>
    count === 1
      ? 'Ein Zugriffstoken wurde mit einer schwächeren Anmeldung erstellt und gilt weiter.'
      : `${count} Zugriffstoken wurden mit schwächeren Anmeldungen erstellt und gelten weiter.`,
  unknownTokens: (count) =>
    count === 1
      ? 'Bei einem Zugriffstoken ist nicht bekannt, mit welcher Anmeldung es erstellt wurde; es gilt weiter.'
      : `Bei ${count} Zugriffstoken ist nicht bekannt, mit welcher Anmeldung sie erstellt wurden; sie gelten weiter.`,
  showTokens: 'Anzeigen',
  saved: 'Personen brauchen jetzt eine solche Anmeldung.',
  savedNothing: 'Jede Anmeldung ist jetzt zugelassen.',
};

export const requirementTexts: PageTexts<typeof en> = { en, de };
