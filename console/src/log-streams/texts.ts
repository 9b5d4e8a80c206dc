import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Log streams',
  text: 'Send the audit log to a SIEM or log store as it grows: JSON lines in OCSF, as in its export.',
  forAdmins: 'Admins of the organization create and change log streams.',
  create: 'Create a log stream',
  createFirst: 'There are no log streams yet. Create one, then send a test to it.',
  none: 'There are no log streams yet. An admin of the organization can create one.',
  created: 'The log stream was created. It sends entries from now on.',
  stream: 'Log stream',
  lag: 'Not sent yet',
  noLag: 'Nothing',
  behind: (count: number, age: string) =>
    `${count.toLocaleString('en')} ${count === 1 ? 'entry' : 'entries'}, the oldest ${age} old`,
  farBehind: (count: number, age: string) =>
    `${count.toLocaleString('en')} entries or more, the oldest ${age} old`,
  missed: (time: string) => `Entries before ${time} were removed by retention before they arrived.`,
  withHeaders: (names: string) => `Headers: ${names}`,
  withNames: 'With names and e-mail addresses',
  includeNames: 'Send names and e-mail addresses',
  includeNamesHint:
    'Of the people in entries, as this organization knows or last knew them. Otherwise entries have ids.',
  descriptionHint: 'Which system receives it, for example “SIEM”.',
  headers: 'Request headers',
  headersHint: 'Up to 5, for example for a token. Their values are never shown again.',
  headerName: (number: number) => `Name of header ${number}`,
  headerValue: (number: number) => `Value of header ${number}`,
  addHeader: 'Add a header',
  removeHeader: (number: number) => `Remove header ${number}`,
  removeShort: 'Remove',
  replaceHeaders: (names: string) => `Replace the headers (${names})`,
  replaceHint:
    'Otherwise they stay as they are. If the address leads to another server, they have to be entered again.',
  changeTitle: 'Change the log stream',
  wasEnabled: 'The log stream was enabled. It goes on where it stopped.',
  disableTitle: (name: string) => `Disable the log stream “${name}”?`,
  disableText: 'Nothing is sent until you enable it again. Then it goes on where it stopped.',
  removeTitle: (name: string) => `Delete the log stream “${name}”?`,
  removeText: 'Nothing is sent to it any more. What it has received stays there.',
};

const de: typeof en = {
  title: 'Log-Streams',
  text: 'Senden Sie das Audit-Log fortlaufend an ein SIEM oder einen Log-Speicher: JSON-Zeilen in OCSF wie im Export.',
  forAdmins: 'Admins der Organisation legen Log-Streams an und ändern sie.',
  create: 'Log-Stream erstellen',
  createFirst: 'Es gibt noch keine Log-Streams. Erstellen Sie einen, und senden Sie ihm einen Test.',
  none: 'Es gibt noch keine Log-Streams. Ein Admin der Organisation kann einen erstellen.',
  created: 'Der Log-Stream wurde erstellt. Er sendet Einträge ab jetzt.',
  stream: 'Log-Stream',
  lag: 'Noch nicht gesendet',
  noLag: 'Nichts',
  behind: (count, age) =>
    `${count.toLocaleString('de')} ${count === 1 ? 'Eintrag' : 'Einträge'}, Alter des ältesten: ${age}`,
  farBehind: (count, age) => `Mindestens ${count.toLocaleString('de')} Einträge, Alter des ältesten: ${age}`,
  missed: (time) =>
    `Einträge von vor ${time} wurden nach Ablauf ihrer Aufbewahrung entfernt, bevor sie ankamen.`,
  withHeaders: (names) => `Header: ${names}`,
  withNames: 'Mit Namen und E-Mail-Adressen',
  includeNames: 'Namen und E-Mail-Adressen senden',
  includeNamesHint:
    'Von den Personen in den Einträgen, wie diese Organisation sie kennt oder zuletzt kannte. Sonst haben Einträge IDs.',
  descriptionHint: 'Welches System es empfängt, zum Beispiel „SIEM“.',
  headers: 'Header der Anfragen',
  headersHint: 'Bis zu 5, zum Beispiel für ein Token. Ihre Werte werden nie wieder gezeigt.',
  headerName: (number) => `Name von Header ${number}`,
  headerValue: (number) => `Wert von Header ${number}`,
  addHeader: 'Header hinzufügen',
  removeHeader: (number) => `Header ${number} entfernen`,
  removeShort: 'Entfernen',
  replaceHeaders: (names) => `Header ersetzen (${names})`,
  replaceHint:
    'Sonst bleiben sie, wie sie sind. Führt die Adresse zu einem anderen Server, müssen sie erneut eingegeben werden.',
  changeTitle: 'Log-Stream ändern',
  wasEnabled: 'Der Log-Stream wurde eingeschaltet. Er fährt dort fort, wo er aufgehört hat.',
  disableTitle: (name) => `Den Log-Stream „${name}“ ausschalten?`,
  disableText:
    'Bis Sie ihn wieder einschalten, wird nichts gesendet. Dann fährt er dort fort, wo er aufgehört hat.',
  removeTitle: (name) => `Den Log-Stream „${name}“ löschen?`,
  removeText: 'Ihm wird nichts mehr gesendet. Was er empfangen hat, bleibt dort.',
};

export const logStreamTexts: PageTexts<typeof en> = { en, de };
