import type { PageTexts } from '../../texts/texts';

const en = {
  action: 'Export CSV',
  stop: (read: number, total: number) => (total ? `Cancel export (${read} of ${total})` : 'Cancel export'),
  done: (count: number) => (count === 1 ? '1 row was exported.' : `${count} rows were exported.`),
  file: 'members',
  state: 'State',
  enabled: 'Enabled',
  open: 'Open',
};

const de: typeof en = {
  action: 'Als CSV exportieren',
  stop: (read, total) => (total ? `Export abbrechen (${read} von ${total})` : 'Export abbrechen'),
  done: (count) => (count === 1 ? '1 Zeile wurde exportiert.' : `${count} Zeilen wurden exportiert.`),
  file: 'mitglieder',
  state: 'Zustand',
  enabled: 'Nicht deaktiviert',
  open: 'Offen',
};

export const exportTexts: PageTexts<typeof en> = { en, de };
