import type { PageTexts } from '../texts/texts';

const en = {
  placeholder: 'Person, page, question …',
  kinds: {
    pages: 'Pages',
    people: 'People',
    invitations: 'Invitations',
    workspaces: 'Workspaces',
    groups: 'User groups',
    roles: 'Roles',
    help: 'Help',
  },
  found: (count: number) => (count === 1 ? '1 result' : `${count} results`),
  incomplete: 'The server does not answer everything at the moment. Some results may be missing.',
};

const de: typeof en = {
  placeholder: 'Person, Seite, Frage …',
  kinds: {
    pages: 'Seiten',
    people: 'Personen',
    invitations: 'Einladungen',
    workspaces: 'Workspaces',
    groups: 'Benutzergruppen',
    roles: 'Rollen',
    help: 'Hilfe (auf Englisch)',
  },
  found: (count) => (count === 1 ? '1 Treffer' : `${count} Treffer`),
  incomplete: 'Der Server beantwortet gerade nicht alles. Einige Treffer fehlen vielleicht.',
};

export const searchTexts: PageTexts<typeof en> = { en, de };
