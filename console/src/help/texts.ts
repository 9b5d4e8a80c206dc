import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Help',
  text: 'How this console and this installation work.',
  toConsole: 'Back to the console',
  search: 'Search the help',
  found: (count: number) => (count === 1 ? '1 result' : `${count} results`),
  nothing: 'Nothing was found. Try fewer or other words.',
  onThisPage: 'On this page',
  toIndex: 'All pages of the help',
  groups: {
    guides: 'Guides for administrators',
    start: 'First steps',
    providers: 'Identity providers',
    rules: 'The rules in detail',
    operation: 'Operating the server',
    development: 'Changing the code',
    reference: 'Reference',
  },
};
const de: typeof en = {
  title: 'Hilfe',
  text: 'Wie diese Konsole und diese Installation funktionieren. Die Seiten sind auf Englisch, auch für die Suche.',
  toConsole: 'Zurück zur Konsole',
  search: 'Hilfe durchsuchen',
  found: (count) => (count === 1 ? '1 Treffer' : `${count} Treffer`),
  nothing: 'Nichts gefunden. Versuchen Sie weniger oder andere, englische Wörter.',
  onThisPage: 'Auf dieser Seite',
  toIndex: 'Alle Seiten der Hilfe',
  groups: {
    guides: 'Anleitungen für Admins',
    start: 'Erste Schritte',
    providers: 'Identity-Provider',
    rules: 'Die Regeln im Einzelnen',
    operation: 'Den Server betreiben',
    development: 'Den Code ändern',
    reference: 'Nachschlagen',
  },
};
export const helpTexts: PageTexts<typeof en> = { en, de };
