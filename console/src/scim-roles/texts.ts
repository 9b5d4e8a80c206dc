import type { Schemas } from '../api/client';
import type { PageTexts } from '../texts/texts';

type Reason = Schemas['ScimRoleIgnoredReason'];

const isRemoved = (reason: Reason) => reason === 'conflicting' || reason === 'limited_token';

const enReasons: Readonly<Record<Reason, string>> = {
  missing: 'it has no value',
  unknown: 'there is no such role',
  ambiguous: 'more than one role has this name',
  unconfirmed: 'an admin has to save the name of the workspace first',
  conflicting: 'another role in the same place comes after it',
  limited_token: 'the token of an Organization Operator wrote it',
};

const en = {
  title: 'Roles of people',
  text: 'Your identity provider can give roles to people directly, with the SCIM attribute “roles”, beside the roles that groups give.',
  on: 'Switched on: people have the roles that the identity provider sends. Such a role comes before the roles of groups, except that of a group of Organization Admins.',
  off: 'Switched off: roles that the identity provider sends are stored without effect.',
  onlyAdmins: 'Only an Organization Admin can change this.',
  switchOn: 'Switch on',
  switchOff: 'Switch off',
  onTitle: 'Switch on roles from the identity provider?',
  onText:
    'From now on, whoever manages the identity provider can give every role, including Organization Admin. What changes immediately:',
  offTitle: 'Switch off roles from the identity provider?',
  offText:
    'People lose what the identity provider gave them directly. Roles of groups stay. What changes immediately:',
  effects: 'What changes',
  person: 'Person',
  change: 'Change',
  unchanged: 'Nothing: everybody keeps the roles that they have now.',
  organizationRole: (from: string, to: string) => `${to} instead of ${from}`,
  joins: (role: string, workspace: string) => `Gets ${role} in ${workspace}`,
  changes: (from: string, to: string, workspace: string) => `${to} instead of ${from} in ${workspace}`,
  leaves: (role: string, workspace: string) => `Loses ${role} in ${workspace}`,
  ignored: (value: string, reason: Reason) =>
    `“${value}” ${isRemoved(reason) ? 'is removed' : 'gives nothing'}: ${enReasons[reason]}.`,
  switchedOn: 'People have the roles of the identity provider now.',
  switchedOff: 'Roles of the identity provider have no effect any more.',
};

const deReasons: Readonly<Record<Reason, string>> = {
  missing: 'Der Wert fehlt',
  unknown: 'Diese Rolle gibt es nicht',
  ambiguous: 'Mehrere Rollen heißen so',
  unconfirmed: 'Ein Admin muss zuerst den Namen des Workspaces speichern',
  conflicting: 'Eine andere Rolle am selben Ort steht nach ihm',
  limited_token: 'Das Token eines Organization Operators hat ihn geschrieben',
};

const de: typeof en = {
  title: 'Rollen von Personen',
  text: 'Ihr Identity-Provider kann Personen Rollen direkt geben, mit dem SCIM-Attribut „roles“, neben den Rollen, die Gruppen geben.',
  on: 'Eingeschaltet: Personen haben die Rollen, die der Identity-Provider sendet. Eine solche Rolle geht den Rollen von Gruppen vor, außer der einer Gruppe von Organization Admins.',
  off: 'Ausgeschaltet: Rollen, die der Identity-Provider sendet, werden ohne Wirkung gespeichert.',
  onlyAdmins: 'Das kann nur ein Organization Admin ändern.',
  switchOn: 'Einschalten',
  switchOff: 'Ausschalten',
  onTitle: 'Rollen vom Identity-Provider einschalten?',
  onText:
    'Wer den Identity-Provider verwaltet, kann ab jetzt jede Rolle vergeben, auch Organization Admin. Was sich sofort ändert:',
  offTitle: 'Rollen vom Identity-Provider ausschalten?',
  offText:
    'Personen verlieren, was ihnen der Identity-Provider direkt gegeben hat. Rollen von Gruppen bleiben. Was sich sofort ändert:',
  effects: 'Was sich ändert',
  person: 'Person',
  change: 'Änderung',
  unchanged: 'Nichts: Alle behalten die Rollen, die sie jetzt haben.',
  organizationRole: (from, to) => `${to} statt ${from}`,
  joins: (role, workspace) => `Erhält ${role} in ${workspace}`,
  changes: (from, to, workspace) => `${to} statt ${from} in ${workspace}`,
  leaves: (role, workspace) => `Verliert ${role} in ${workspace}`,
  ignored: (value, reason) =>
    `„${value}“ ${isRemoved(reason) ? 'wird entfernt' : 'gibt nichts'}: ${deReasons[reason]}.`,
  switchedOn: 'Personen haben jetzt die Rollen des Identity-Providers.',
  switchedOff: 'Rollen des Identity-Providers wirken nicht mehr.',
};

export const scimRolesTexts: PageTexts<typeof en> = { en, de };
