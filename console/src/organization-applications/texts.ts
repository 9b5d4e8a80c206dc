import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Applications',
  text: 'Programs of this organization in which its members sign in. Each member decides whether one may act for them.',
  forAdmins: 'Admins of the organization create and change applications.',
  create: 'Create an application',
  createFirst: 'There are no applications of this organization yet. Create one for a program of yours.',
  none: 'There are no applications of this organization yet. An admin of the organization can create one.',
  created: 'The application was created',
  shownOnce: 'Enter this in the application. The secret is shown only now: keep it in a safe place.',
  enterId: 'Enter this in the application.',
  name: 'Name',
  nameHint: 'Members see it when they are asked whether to allow the application.',
  clientId: 'Client ID',
  secret: 'Client secret',
  kind: 'Kind',
  kinds: { confidential: 'Confidential', public: 'Public' },
  kindHints: {
    confidential: 'Runs on a server, where its secret stays secret.',
    public: 'Runs on the computers of its users or in their browsers. It has no secret.',
  },
  addresses: 'Redirect addresses',
  addressesHint:
    'Where people are sent back to, one in a line, at most 10: https, http on this computer (127.0.0.1), or a scheme of the application.',
  noAddresses: 'None',
  withDevices: 'People may also sign in by a code',
  withDevicesHint:
    'For command lines and devices without a browser, which show a code. It then needs no redirect address.',
  createdAt: 'Created',
  disabled: 'Disabled',
  change: 'Change',
  changeTitle: (name: string) => `Change the application “${name}”`,
  rotate: 'Rotate the secret',
  rotateTitle: (name: string) => `Rotate the secret of “${name}”?`,
  rotateText: 'The old secret ends at once. What people have allowed stays.',
  rotated: 'The secret was rotated',
  disable: 'Disable',
  disableTitle: (name: string) => `Disable the application “${name}”?`,
  disableText:
    'The access of all people who have allowed it ends at once. It cannot be allowed until you enable it.',
  enable: 'Enable',
  enabled: (name: string) => `“${name}” is enabled. People can allow it again.`,
  remove: 'Delete',
  removeTitle: (name: string) => `Delete the application “${name}”?`,
  removeText: 'The access of all people who have allowed it ends at once. This cannot be undone.',
};

const de: typeof en = {
  title: 'Anwendungen',
  text: 'Programme dieser Organisation, in denen sich ihre Mitglieder anmelden. Jedes Mitglied entscheidet, ob eines für es handeln darf.',
  forAdmins: 'Admins der Organisation erstellen und ändern Anwendungen.',
  create: 'Anwendung erstellen',
  createFirst: 'Diese Organisation hat noch keine Anwendungen. Erstellen Sie eine für ein eigenes Programm.',
  none: 'Diese Organisation hat noch keine Anwendungen. Ein Admin der Organisation kann eine erstellen.',
  created: 'Die Anwendung wurde erstellt',
  shownOnce:
    'Tragen Sie dies in der Anwendung ein. Das Secret wird nur jetzt gezeigt: Bewahren Sie es sicher auf.',
  enterId: 'Tragen Sie dies in der Anwendung ein.',
  name: 'Name',
  nameHint: 'Mitglieder sehen ihn, wenn sie gefragt werden, ob sie die Anwendung erlauben.',
  clientId: 'Client-ID',
  secret: 'Client-Secret',
  kind: 'Art',
  kinds: { confidential: 'Vertraulich', public: 'Öffentlich' },
  kindHints: {
    confidential: 'Läuft auf einem Server, wo ihr Secret geheim bleibt.',
    public: 'Läuft auf den Computern oder in den Browsern der Nutzenden. Sie hat kein Secret.',
  },
  addresses: 'Weiterleitungsadressen',
  addressesHint:
    'Wohin Personen zurückgeleitet werden, eine je Zeile, höchstens 10: https, http auf diesem Computer (127.0.0.1) oder ein Schema der Anwendung.',
  noAddresses: 'Keine',
  withDevices: 'Personen dürfen sich auch mit einem Code anmelden',
  withDevicesHint:
    'Für Kommandozeilen und Geräte ohne Browser, die einen Code zeigen. Sie braucht dann keine Weiterleitungsadresse.',
  createdAt: 'Erstellt',
  disabled: 'Deaktiviert',
  change: 'Ändern',
  changeTitle: (name) => `Anwendung „${name}“ ändern`,
  rotate: 'Secret rotieren',
  rotateTitle: (name) => `Das Secret von „${name}“ rotieren?`,
  rotateText: 'Das alte Secret gilt sofort nicht mehr. Was Personen erlaubt haben, bleibt.',
  rotated: 'Das Secret wurde rotiert',
  disable: 'Deaktivieren',
  disableTitle: (name) => `Anwendung „${name}“ deaktivieren?`,
  disableText:
    'Der Zugriff aller Personen, die sie erlaubt haben, endet sofort. Bis Sie sie wieder aktivieren, kann niemand sie erlauben.',
  enable: 'Aktivieren',
  enabled: (name) => `„${name}“ ist aktiviert und kann wieder erlaubt werden.`,
  remove: 'Löschen',
  removeTitle: (name) => `Anwendung „${name}“ löschen?`,
  removeText:
    'Der Zugriff aller Personen, die sie erlaubt haben, endet sofort. Das kann nicht rückgängig gemacht werden.',
};

export const applicationTexts: PageTexts<typeof en> = { en, de };
