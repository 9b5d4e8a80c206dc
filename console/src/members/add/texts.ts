import type { PageTexts } from '../../texts/texts';

/** Texts about the totals of a list, what was not added, and other roles of members. */
const en = {
  showOnly: 'Show only',
  sums: {
    sent: (count: number) => `${count} to be added`,
    invited: (count: number) => `${count} invited`,
    joined: (count: number) => `${count} joined`,
    already: (count: number) => (count === 1 ? '1 already a member' : `${count} already members`),
    problem: (count: number) => (count === 1 ? '1 problem' : `${count} problems`),
    failed: (count: number) => `${count} not added`,
  },
  reason: 'Reason',
  copyFailed: (count: number) => (count === 1 ? 'Copy the row' : `Copy the ${count} rows`),
  otherRole: (role: string, wanted: string) => `Has the role ${role}; the list says ${wanted}`,
  otherRoles: (count: number) =>
    count === 1
      ? '1 member has another role than the list says.'
      : `${count} members have other roles than the list says.`,
  changeRoles: 'Change roles …',
  changeRolesText: 'They get the roles of the list at once.',
  rolesChanged: (count: number) =>
    count === 1
      ? '1 person has the role of the list now.'
      : `${count} people have the roles of the list now.`,
};

const de: typeof en = {
  showOnly: 'Nur anzeigen',
  sums: {
    sent: (count) => `${count} hinzuzufügen`,
    invited: (count) => `${count} eingeladen`,
    joined: (count) => `${count} beigetreten`,
    already: (count) => (count === 1 ? '1 schon Mitglied' : `${count} schon Mitglieder`),
    problem: (count) => (count === 1 ? '1 Problem' : `${count} Probleme`),
    failed: (count) => `${count} nicht hinzugefügt`,
  },
  reason: 'Grund',
  copyFailed: (count) => (count === 1 ? 'Zeile kopieren' : `${count} Zeilen kopieren`),
  otherRole: (role, wanted) => `Hat die Rolle ${role}; in der Liste steht ${wanted}`,
  otherRoles: (count) =>
    count === 1
      ? '1 Mitglied hat eine andere Rolle als in der Liste.'
      : `${count} Mitglieder haben andere Rollen als in der Liste.`,
  changeRoles: 'Rollen ändern …',
  changeRolesText: 'Sie erhalten sofort die Rollen aus der Liste.',
  rolesChanged: (count) =>
    count === 1
      ? '1 Person hat jetzt die Rolle aus der Liste.'
      : `${count} Personen haben jetzt die Rollen aus der Liste.`,
};

export const listTexts: PageTexts<typeof en> = { en, de };
export type ListTexts = typeof en;
