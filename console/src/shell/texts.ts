import type { PageTexts } from '../texts/texts';

const en = {
  help: 'Help',
  shortcut: 'Ctrl K',
  colors: 'Light or dark',
  colorSchemes: { auto: 'System', light: 'Light', dark: 'Dark' },
  requests: (count: number) => `${count} to decide`,
  waiting: (count: number) => `${count} waiting for a link`,
  ending: (count: number) => `${count} that end soon`,
};

const de: typeof en = {
  help: 'Hilfe',
  shortcut: 'Strg K',
  colors: 'Hell oder dunkel',
  colorSchemes: { auto: 'System', light: 'Hell', dark: 'Dunkel' },
  requests: (count) => `${count} zu entscheiden`,
  waiting: (count) => `${count} warten auf einen Link`,
  ending: (count) => `${count} enden bald`,
};

export const frameTexts: PageTexts<typeof en> = { en, de };
