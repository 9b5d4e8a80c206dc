import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Workspaces',
  text: 'Each workspace has members of its own, with a role there.',
  onlyOwn: 'You see the workspaces that you are in.',
  mayNotCreate: 'Only admins and operators of the organization create workspaces.',
  limitReached: (limit: number) =>
    limit === 1
      ? 'This organization may have 1 workspace. The operator of this installation can allow more.'
      : `This organization may have ${limit} workspaces. The operator of this installation can allow more.`,
  name: 'Name',
  members: 'Members',
  membersOf: (count: number, name: string) => `${count === 1 ? 'member' : 'members'} of ${name}`,
  pending: 'Invited',
  pendingIn: (name: string) => `invited to ${name}`,
  pendingHere: (count: number) => `${count} invited`,
  role: 'Your role',
  created: 'Created',
  none: 'There is no workspace yet. Create one, then add its members.',
  noneSeen: 'You are in no workspace of this organization. One of its admins can add you to one.',
  search: 'Search by name',
  noMatch: 'No workspace has this name.',
  sameName: 'Another workspace has this name: group names with it give no role.',
  create: 'Create a workspace',
  requestable: 'Members of the organization may ask for it',
  letAsk: 'Allow access requests',
  stopAsking: 'Stop access requests',
  isRequestable: (name: string) => `Members of the organization may ask for access to ${name} now.`,
  isNotRequestable: (name: string) => `Members of the organization may no longer ask for access to ${name}.`,
  rename: 'Rename',
  renameTitle: (name: string) => `Rename “${name}”`,
  nameHint: "Letters, digits, spaces and the characters - _ ' @ ( ) & . , +",
  nameTaken: (name: string) =>
    `There is a workspace ${name} already. With two of this name, groups of your identity provider whose names contain “${name}” give no role in either.`,
  provisionedRoles: (count: number, name: string) =>
    `Your identity provider gives ${count === 1 ? '1 role' : `${count} roles`} in this workspace. If it sends them by the name “${name}”, change the name there, too: roles with the old name give nothing as soon as it changes a person the next time.`,
  wasCreated: (name: string) => `${name} was created. Add its members next.`,
  wasRenamed: (before: string, name: string) => `${before} is now called ${name}.`,
  remove: 'Delete',
  removeTitle: (name: string) => `Delete the workspace “${name}”?`,
  removeText: 'This cannot be undone.',
  removeAction: 'Delete the workspace',
  ends: 'What ends with it',
  membersEnd: (count: number) =>
    count === 1
      ? '1 member loses access to it, and stays in the organization.'
      : `${count} members lose access to it, and stay in the organization.`,
  pendingEnd: (count: number) =>
    count === 1
      ? '1 invited person can no longer join it.'
      : `${count} invited people can no longer join it.`,
  pendingEndText: 'Invitations that were sent from the workspace, and for it alone, end.',
  keysEnd: (names: readonly string[]) =>
    `These service keys reach no other workspace and stop working: ${names.map((name) => `“${name}”`).join(', ')}.`,
  keysUnknown: 'Service keys that reach no other workspace stop working.',
  provisionedRolesEnd: (count: number) =>
    `${count === 1 ? '1 role that your identity provider gives to people in it ends' : `${count} roles that your identity provider gives to people in it end`}. What it still sends for them has no effect.`,
  groupsEnd: 'User groups lose their roles in it.',
  wasRemoved: (name: string) => `The workspace ${name} was deleted.`,
};

const de: typeof en = {
  title: 'Workspaces',
  text: 'Jeder Workspace hat eigene Mitglieder, die dort eine Rolle haben.',
  onlyOwn: 'Sie sehen die Workspaces, in denen Sie sind.',
  mayNotCreate: 'Nur Admins und Operatoren der Organisation legen Workspaces an.',
  limitReached: (limit) =>
    limit === 1
      ? 'Diese Organisation darf 1 Workspace haben. Der Betreiber dieser Installation kann mehr erlauben.'
      : `Diese Organisation darf ${limit} Workspaces haben. Der Betreiber dieser Installation kann mehr erlauben.`,
  name: 'Name',
  members: 'Mitglieder',
  membersOf: (count, name) => `${count === 1 ? 'Mitglied' : 'Mitglieder'} von ${name}`,
  pending: 'Eingeladen',
  pendingIn: (name) => `zu ${name} eingeladen`,
  pendingHere: (count) => `${count} eingeladen`,
  role: 'Ihre Rolle',
  created: 'Angelegt',
  none: 'Es gibt noch keinen Workspace. Legen Sie einen an, und fügen Sie dann Mitglieder hinzu.',
  noneSeen:
    'Sie sind in keinem Workspace dieser Organisation. Einer ihrer Admins kann Sie zu einem hinzufügen.',
  search: 'Nach Namen suchen',
  noMatch: 'Kein Workspace heißt so.',
  sameName: 'Ein anderer Workspace heißt genauso: Gruppennamen damit geben keine Rolle.',
  create: 'Workspace anlegen',
  requestable: 'Mitglieder der Organisation dürfen darum bitten',
  letAsk: 'Zugriffsanfragen erlauben',
  stopAsking: 'Zugriffsanfragen nicht mehr erlauben',
  isRequestable: (name) => `Mitglieder der Organisation dürfen jetzt um Zugriff auf ${name} bitten.`,
  isNotRequestable: (name) => `Mitglieder der Organisation dürfen nicht mehr um Zugriff auf ${name} bitten.`,
  rename: 'Umbenennen',
  renameTitle: (name) => `„${name}“ umbenennen`,
  nameHint: "Buchstaben, Ziffern, Leerzeichen und die Zeichen - _ ' @ ( ) & . , +",
  nameTaken: (name) =>
    `Es gibt schon einen Workspace ${name}. Heißen zwei so, geben Gruppen Ihres Identity-Providers, deren Namen „${name}“ enthalten, in keinem von beiden eine Rolle.`,
  provisionedRoles: (count, name) =>
    `Ihr Identity-Provider gibt ${count === 1 ? '1 Rolle' : `${count} Rollen`} in diesem Workspace. Sendet er sie mit dem Namen „${name}“, ändern Sie den Namen auch dort: Rollen mit dem alten Namen geben nichts mehr, sobald er eine Person das nächste Mal ändert.`,
  wasCreated: (name) => `${name} wurde angelegt. Fügen Sie als Nächstes Mitglieder hinzu.`,
  wasRenamed: (before, name) => `${before} heißt jetzt ${name}.`,
  remove: 'Löschen',
  removeTitle: (name) => `Workspace „${name}“ löschen?`,
  removeText: 'Das lässt sich nicht rückgängig machen.',
  removeAction: 'Workspace löschen',
  ends: 'Was damit endet',
  membersEnd: (count) =>
    count === 1
      ? '1 Mitglied verliert den Zugang und bleibt in der Organisation.'
      : `${count} Mitglieder verlieren den Zugang und bleiben in der Organisation.`,
  pendingEnd: (count) =>
    count === 1
      ? '1 eingeladene Person kann ihm nicht mehr beitreten.'
      : `${count} eingeladene Personen können ihm nicht mehr beitreten.`,
  pendingEndText: 'Einladungen, die aus dem Workspace und nur für ihn verschickt wurden, enden.',
  keysEnd: (names) =>
    `Diese Dienstschlüssel erreichen keinen anderen Workspace und funktionieren nicht mehr: ${names.map((name) => `„${name}“`).join(', ')}.`,
  keysUnknown: 'Dienstschlüssel, die keinen anderen Workspace erreichen, funktionieren nicht mehr.',
  provisionedRolesEnd: (count) =>
    `${count === 1 ? '1 Rolle, die Ihr Identity-Provider Personen in ihm gibt, endet' : `${count} Rollen, die Ihr Identity-Provider Personen in ihm gibt, enden`}. Was er noch dafür sendet, hat keine Wirkung.`,
  groupsEnd: 'Benutzergruppen verlieren ihre Rollen in ihm.',
  wasRemoved: (name) => `Der Workspace ${name} wurde gelöscht.`,
};

export const workspacesTexts: PageTexts<typeof en> = { en, de };
