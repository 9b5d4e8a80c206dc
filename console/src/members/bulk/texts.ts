import type { PageTexts } from '../../texts/texts';

const people = (count: number) => (count === 1 ? '1 person' : `${count} people`);
const personen = (count: number) => (count === 1 ? '1 Person' : `${count} Personen`);

const en = {
  select: (who: string) => `Select ${who}`,
  selectPage: 'Select all on this page',
  selected: (count: number) => `${count} selected`,
  selectMatching: (count: number) => `Select all ${count}`,
  reading: (read: number, total: number) => (total ? `Reading ${read} of ${total} …` : 'Reading …'),
  clear: 'Clear selection',
  who: (count: number) => `Selected: ${people(count)}`,
  more: (count: number) => `and ${people(count)} more`,
  includesYou: 'You are among them.',
  progress: (count: number, total: number) => `${count} of ${total}`,
  result: 'Result',
  doneOf: (count: number, total: number) => `Done for ${count} of ${people(total)}.`,
  refused: (count: number) => `Refused: ${people(count)}`,
  left: (count: number) => `Not tried: ${people(count)}. They stay selected, as do those who were refused.`,
  stop: 'Cancel the rest',
  undo: 'Undo',
  undoneFor: (count: number, total: number) =>
    count === total ? `Undone for ${people(count)}.` : `Undone for ${count} of ${people(total)}.`,
  notUndone: 'Not undone for',
  changedMeanwhile: 'Somebody has changed it meanwhile.',

  changeRole: 'Change role',
  roleTitle: (count: number) => `Change the role of ${people(count)}?`,
  role: 'New role',
  choose: 'Choose …',
  roleText: 'A lower role takes effect at once. Keys that they created stay as they are.',
  workspaceRoleText: 'The new role takes effect at once.',
  invitedRoleText: 'They get the new role when they accept the invitation.',
  roleDone: (count: number, role: string) => `${people(count)}: the role is now ${role}.`,

  remove: 'Remove',
  removeTitle: (count: number) => `Remove ${people(count)}?`,
  removeFromOrganization:
    'They leave all workspaces of the organization. Their tokens here are deleted and their sessions end at once.',
  removeFromWorkspace: (workspace: string) =>
    `They lose access to ${workspace} at once. They stay in the organization and in other workspaces.`,
  deleteKeys: 'Also delete the keys, SCIM tokens, webhooks and log streams that they created',
  removed: (count: number) => `${people(count)} removed.`,

  addToGroup: 'Add to user group',
  groupTitle: (count: number) => `Add ${people(count)} to a user group`,
  group: 'User group',
  groupText: 'They get the roles of the group in its workspaces at once.',
  addedToGroup: (count: number, group: string) => `${people(count)}: now in the user group ${group}.`,
  notAdded: 'Not added: not a member of the organization any more.',

  addToWorkspace: 'Add to workspace',
  workspaceTitle: (count: number) => `Add ${people(count)} to a workspace`,
  workspace: 'Workspace',
  workspaceRole: 'Role in the workspace',
  workspaceText: 'They can use the workspace at once. Who is in it already keeps the role there.',
  addedToWorkspace: (count: number, workspace: string) => `${people(count)}: now in ${workspace}.`,
  add: 'Add',

  resend: 'Send again',
  resendTitle: (count: number) => `Send the invitations of ${people(count)} again?`,
  resendText: 'The invitations are renewed and mailed.',
  resent: (count: number) => `${people(count)}: the invitation was renewed.`,
  notMailed: (count: number) => `${people(count)}: nothing was mailed.`,

  revoke: 'Revoke',
  revokeTitle: (count: number) => `Revoke the invitations of ${people(count)}?`,
  revokeText: (place: string) => `They can no longer join ${place} with them.`,
  revoked: (count: number) => `${people(count)}: the invitation was revoked.`,
};

const de: typeof en = {
  select: (who) => `${who} auswählen`,
  selectPage: 'Alle auf dieser Seite auswählen',
  selected: (count) => `${count} ausgewählt`,
  selectMatching: (count) => `Alle ${count} auswählen`,
  reading: (read, total) => (total ? `${read} von ${total} gelesen …` : 'Wird gelesen …'),
  clear: 'Auswahl aufheben',
  who: (count) => `Ausgewählt: ${personen(count)}`,
  more: (count) => `und ${personen(count)} mehr`,
  includesYou: 'Sie selbst sind darunter.',
  progress: (count, total) => `${count} von ${total}`,
  result: 'Ergebnis',
  doneOf: (count, total) => `Für ${count} von ${personen(total)} ausgeführt.`,
  refused: (count) => `Abgelehnt: ${personen(count)}`,
  left: (count) => `Nicht versucht: ${personen(count)}. Sie und die abgelehnten bleiben ausgewählt.`,
  stop: 'Rest abbrechen',
  undo: 'Rückgängig',
  undoneFor: (count, total) =>
    count === total
      ? `Für ${personen(count)} rückgängig gemacht.`
      : `Für ${count} von ${personen(total)} rückgängig gemacht.`,
  notUndone: 'Nicht rückgängig gemacht für',
  changedMeanwhile: 'Jemand hat es inzwischen geändert.',

  changeRole: 'Rolle ändern',
  roleTitle: (count) => `Die Rolle von ${personen(count)} ändern?`,
  role: 'Neue Rolle',
  choose: 'Auswählen …',
  roleText: 'Eine niedrigere Rolle gilt sofort. Selbst erstellte Schlüssel bleiben, wie sie sind.',
  workspaceRoleText: 'Die neue Rolle gilt sofort.',
  invitedRoleText: 'Die neue Rolle gilt, sobald die Einladung angenommen ist.',
  roleDone: (count, role) => `${personen(count)}: Die Rolle ist jetzt ${role}.`,

  remove: 'Entfernen',
  removeTitle: (count) => `${personen(count)} entfernen?`,
  removeFromOrganization:
    'Sie verlassen alle Workspaces der Organisation. Ihre Token hier werden gelöscht und ihre Sitzungen enden sofort.',
  removeFromWorkspace: (workspace) =>
    `Ihr Zugriff auf ${workspace} endet sofort. Die Mitgliedschaft in der Organisation und in anderen Workspaces bleibt.`,
  deleteKeys:
    'Auch die Schlüssel, SCIM-Token, Webhooks und Log-Streams löschen, die diese Personen erstellt haben',
  removed: (count) => `${personen(count)} entfernt.`,

  addToGroup: 'Zu Benutzergruppe hinzufügen',
  groupTitle: (count) => `${personen(count)} zu einer Benutzergruppe hinzufügen`,
  group: 'Benutzergruppe',
  groupText: 'Sie erhalten sofort die Rollen der Gruppe in deren Workspaces.',
  addedToGroup: (count, group) => `${personen(count)}: jetzt in der Benutzergruppe ${group}.`,
  notAdded: 'Nicht hinzugefügt: nicht mehr Mitglied der Organisation.',

  addToWorkspace: 'Zu Workspace hinzufügen',
  workspaceTitle: (count) => `${personen(count)} zu einem Workspace hinzufügen`,
  workspace: 'Workspace',
  workspaceRole: 'Rolle im Workspace',
  workspaceText: 'Sie können den Workspace sofort nutzen. Wer schon darin ist, behält dort die Rolle.',
  addedToWorkspace: (count, workspace) => `${personen(count)}: jetzt in ${workspace}.`,
  add: 'Hinzufügen',

  resend: 'Erneut senden',
  resendTitle: (count) => `Die Einladungen von ${personen(count)} erneut senden?`,
  resendText: 'Die Einladungen werden erneuert und per E-Mail gesendet.',
  resent: (count) => `${personen(count)}: Die Einladung wurde erneuert.`,
  notMailed: (count) => `${personen(count)}: Es wurde keine E-Mail gesendet.`,

  revoke: 'Zurückziehen',
  revokeTitle: (count) => `Die Einladungen von ${personen(count)} zurückziehen?`,
  revokeText: (place) => `Ein Beitritt zu ${place} ist damit nicht mehr möglich.`,
  revoked: (count) => `${personen(count)}: Die Einladung wurde zurückgezogen.`,
};

export const bulkTexts: PageTexts<typeof en> = { en, de };
