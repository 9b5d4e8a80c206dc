import type { PageTexts } from '../texts/texts';

const en = {
  back: 'All members of the organization',
  title: 'Member',
  notFound: 'There is no such member. They may have been removed from the organization.',
  mayNot: 'Only people who manage this organization see this page.',
  toOwnAccess: 'See your own access',
  you: 'This is you.',
  address: 'E-mail address',
  role: 'Role in the organization',
  since: 'Member since',
  state: 'State',
  disabled: 'Disabled: they cannot use this organization.',
  lastActive: 'Last active',
  neverActive: 'No activity is recorded',
  signsInWith: 'Signs in with',
  methods: { email: 'Password', 'custom-oidc': 'Single sign-on' } as Record<string, string>,
  noMethod: 'Has not signed in yet',
  providerGroups: 'Groups of the identity provider',
  sessions: 'Sessions',
  noSessions: 'Not signed in',
  sessionCount: (count: number, time: string) =>
    count === 1 ? `1 session, last used ${time}` : `${count} sessions, last used ${time}`,
  endSessions: 'End all sessions',
  endTitle: (who: string) => `End all sessions of ${who}?`,
  endText:
    'They are signed out of all browsers and can sign in again. Their access tokens and keys keep working.',
  ended: (who: string) => `All sessions of ${who} have ended.`,
  ownSessions: 'See and end them on the page of your sessions',
  tabs: {
    access: 'Access',
    keys: 'Keys and tokens',
  },
  keysText: 'What they created. Service keys and SCIM tokens keep working when they leave.',
  noKeys: 'They have created no keys or tokens.',
  notRead: 'Not all of them could be read. Reload the page to try again.',
  kind: 'Kind',
};

const de: typeof en = {
  back: 'Alle Mitglieder der Organisation',
  title: 'Mitglied',
  notFound: 'Dieses Mitglied gibt es nicht. Vielleicht wurde es aus der Organisation entfernt.',
  mayNot: 'Diese Seite sehen nur Personen, die diese Organisation verwalten.',
  toOwnAccess: 'Den eigenen Zugang ansehen',
  you: 'Das sind Sie.',
  address: 'E-Mail-Adresse',
  role: 'Rolle in der Organisation',
  since: 'Mitglied seit',
  state: 'Status',
  disabled: 'Deaktiviert: Die Person kann diese Organisation nicht nutzen.',
  lastActive: 'Zuletzt aktiv',
  neverActive: 'Es ist keine Aktivität erfasst',
  signsInWith: 'Anmeldung mit',
  methods: { email: 'Passwort', 'custom-oidc': 'Single Sign-on' },
  noMethod: 'Hat sich noch nicht angemeldet',
  providerGroups: 'Gruppen des Identity-Providers',
  sessions: 'Sitzungen',
  noSessions: 'Nicht angemeldet',
  sessionCount: (count, time) =>
    count === 1 ? `1 Sitzung, zuletzt verwendet ${time}` : `${count} Sitzungen, zuletzt verwendet ${time}`,
  endSessions: 'Alle Sitzungen beenden',
  endTitle: (who) => `Alle Sitzungen von ${who} beenden?`,
  endText:
    'Die Person wird in allen Browsern abgemeldet und kann sich wieder anmelden. Ihre Zugriffstoken und Schlüssel funktionieren weiter.',
  ended: (who) => `Alle Sitzungen von ${who} sind beendet.`,
  ownSessions: 'Auf der Seite Ihrer Sitzungen ansehen und beenden',
  tabs: {
    access: 'Zugang',
    keys: 'Schlüssel und Token',
  },
  keysText:
    'Was die Person erstellt hat. Dienstschlüssel und SCIM-Token funktionieren weiter, wenn sie die Organisation verlässt.',
  noKeys: 'Die Person hat keine Schlüssel oder Token erstellt.',
  notRead: 'Nicht alle konnten gelesen werden. Laden Sie die Seite neu, um es noch einmal zu versuchen.',
  kind: 'Art',
};

export const personTexts: PageTexts<typeof en> = { en, de };
