import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Access report',
  text: 'Who can do what in this organization, why and since when, who gave the access, when it was last used and when it ends: all members, groups, invitations, keys and tokens.',
  files:
    'The file to read and print has one line for each person and place; open it in a browser. The CSV and JSON files have the ids as well, and name the latest seal of the audit log: with one of them, the operator of this installation can confirm later that the report belongs to it.',
  saveToPrint: 'Save to read and print',
  saveAs: (format: string) => `Save as ${format}`,
  saved: (name: string) => `The report was saved as ${name}.`,
  file: 'access-report',
  asOf: (organization: string, time: string) => `${organization}, as of ${time}`,
  sealed: (position: string, seal: string) =>
    `The audit log was sealed up to entry ${position}; its last seal is ${seal}.`,
  notes:
    'Organization Admins are Admin in every workspace, without a line for it. Access policies are not in this report. The ids, the memberships in user groups and when access was last used are in the report as CSV or JSON.',
  sections: {
    people: 'People',
    invitations: 'Invitations',
    programs: 'Keys, tokens and applications',
  },
  columns: {
    person: 'Person',
    program: 'Name',
    place: 'Place',
    role: 'Role',
    why: 'Why',
    since: 'Since',
    until: 'Until',
    by: 'By whom',
  },
  lines: (title: string, count: number) => `${title}: ${count === 1 ? '1 line' : `${count} lines`}`,
  none: 'None.',
  states: { disabled: 'disabled', revoked: 'revoked' },
  wholeOrganization: 'The organization',
  placesOfOwner: 'Wherever its owner has access',
  roleOfOwner: 'As its owner',
  managesPeople: 'Manages people and groups',
  openUntil: (date: string | null) => (date ? `Invitation until ${date}` : 'Invitation'),
  noEnd: 'No end',
  thenRole: (date: string, role: string) => `${date}, then ${role}`,
  former: 'A former member',
};

const de: typeof en = {
  title: 'Zugriffsbericht',
  text: 'Wer was in dieser Organisation darf, warum und seit wann, wer den Zugriff gegeben hat, wann er zuletzt genutzt wurde und wann er endet: alle Mitglieder, Gruppen, Einladungen, Schlüssel und Token.',
  files:
    'Die Datei zum Lesen und Drucken hat eine Zeile je Person und Ort; öffnen Sie sie in einem Browser. Die CSV- und JSON-Dateien enthalten auch die IDs und nennen das letzte Siegel des Audit-Logs: Mit einer davon kann der Betreiber dieser Installation später bestätigen, dass der Bericht dazu gehört.',
  saveToPrint: 'Zum Lesen und Drucken speichern',
  saveAs: (format) => `Als ${format} speichern`,
  saved: (name) => `Der Bericht wurde als ${name} gespeichert.`,
  file: 'zugriffsbericht',
  asOf: (organization, time) => `${organization}, Stand ${time}`,
  sealed: (position, seal) =>
    `Das Audit-Log war bis Eintrag ${position} versiegelt; sein letztes Siegel ist ${seal}.`,
  notes:
    'Admins der Organisation sind in jedem Workspace Admin, ohne eigene Zeile dafür. Zugriffsrichtlinien stehen nicht in diesem Bericht. Die IDs, die Mitgliedschaften in Benutzergruppen und die letzte Nutzung stehen im Bericht als CSV oder JSON.',
  sections: {
    people: 'Personen',
    invitations: 'Einladungen',
    programs: 'Schlüssel, Token und Anwendungen',
  },
  columns: {
    person: 'Person',
    program: 'Name',
    place: 'Ort',
    role: 'Rolle',
    why: 'Warum',
    since: 'Seit',
    until: 'Bis',
    by: 'Durch wen',
  },
  lines: (title, count) => `${title}: ${count === 1 ? '1 Zeile' : `${count} Zeilen`}`,
  none: 'Keine.',
  states: { disabled: 'deaktiviert', revoked: 'widerrufen' },
  wholeOrganization: 'Die Organisation',
  placesOfOwner: 'Überall, wo ihr Besitzer Zugriff hat',
  roleOfOwner: 'Wie ihr Besitzer',
  managesPeople: 'Verwaltet Personen und Gruppen',
  openUntil: (date) => (date ? `Einladung bis ${date}` : 'Einladung'),
  noEnd: 'Unbefristet',
  thenRole: (date, role) => `${date}, danach ${role}`,
  former: 'Ein früheres Mitglied',
};

export const reportTexts: PageTexts<typeof en> = { en, de };
export type ReportTexts = typeof en;
