import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Service keys',
  text: 'For programs that do not act as a person. They stay when the person who created them leaves.',
  create: 'Create a key',
  none: 'This organization has no service keys.',
  noneHere: 'No service key reaches this workspace.',
  showFor: 'Show keys for',
  all: 'Organization and all workspaces',
  descriptionHint: 'Which program uses the key, for example “Nightly report”.',
  scope: 'Reaches',
  wholeOrganization: 'The whole organization',
  someWorkspaces: 'Chosen workspaces',
  onlyAdmins: 'Only admins of the organization can create keys for all of it.',
  workspaces: 'Workspaces',
  role: 'Role',
  nowhere: 'Nothing: its workspaces were deleted',
  change: 'Change',
  changeTitle: (description: string) => `Change the key “${description}”`,
  wasChanged: (description: string) => `The key “${description}” was changed. Programs that use it keep it.`,
  expiryStays: (date: string) =>
    `It expires on ${date}. That cannot be changed: create another key to use one for longer.`,
  neverExpires: 'It never expires. That cannot be changed: create another key for one that does.',
  removeTitle: (description: string) => `Delete the key “${description}”?`,
  shownOnce: 'This is the key. It is shown only now: keep it in a safe place.',
};

const de: typeof en = {
  title: 'Dienstschlüssel',
  text: 'Für Programme, die nicht als eine Person handeln. Sie bleiben, wenn die Person geht, die sie erstellt hat.',
  create: 'Schlüssel erstellen',
  none: 'Diese Organisation hat keine Dienstschlüssel.',
  noneHere: 'Kein Dienstschlüssel erreicht diesen Workspace.',
  showFor: 'Schlüssel zeigen für',
  all: 'Organisation und alle Workspaces',
  descriptionHint: 'Welches Programm den Schlüssel verwendet, zum Beispiel „Nachtbericht“.',
  scope: 'Erreicht',
  wholeOrganization: 'Die ganze Organisation',
  someWorkspaces: 'Ausgewählte Workspaces',
  onlyAdmins: 'Nur Admins der Organisation können Schlüssel für die ganze Organisation erstellen.',
  workspaces: 'Workspaces',
  role: 'Rolle',
  nowhere: 'Nichts: Seine Workspaces wurden gelöscht',
  change: 'Ändern',
  changeTitle: (description) => `Den Schlüssel „${description}“ ändern`,
  wasChanged: (description) =>
    `Der Schlüssel „${description}“ wurde geändert. Programme verwenden ihn unverändert weiter.`,
  expiryStays: (date) =>
    `Er läuft am ${date} ab. Das lässt sich nicht ändern: Erstellen Sie einen anderen, um länger einen zu haben.`,
  neverExpires:
    'Er läuft nie ab. Das lässt sich nicht ändern: Erstellen Sie einen anderen, wenn er ablaufen soll.',
  removeTitle: (description) => `Den Schlüssel „${description}“ löschen?`,
  shownOnce: 'Das ist der Schlüssel. Er wird nur jetzt gezeigt: Bewahren Sie ihn an einem sicheren Ort auf.',
};

export const serviceKeyTexts: PageTexts<typeof en> = { en, de };
