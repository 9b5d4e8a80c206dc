import type { PageTexts } from '../texts/texts';

const en = {
  list: 'Your organizations',
  search: 'Find an organization',
  noMatch: 'No organization has this name.',
  more: (count: number) => `${count} more. Enter a part of the name to find them.`,
  isDefault: 'Default',
  personal: 'A personal organization cannot be the default.',
  noAdminHere: 'Only an admin of it can make it the default.',
  noAdminOfDefault: (name: string) =>
    `${name} is the default organization. To choose another one, you have to be an admin of ${name} and of the other one.`,
  notInDefault:
    'The default organization is one that you are not in. Only an admin of both can choose another one.',
  setDefault: 'Set as default',
  setDefaultOrganization: 'Set default organization',
  title: (name: string) => `Make ${name} the default organization?`,
  lands: (name: string, before: string) =>
    `People who sign in with single sign-on for the first time then land in ${name} instead of ${before}.`,
  joins: (workspaces: string, role: string) => `They join ${workspaces} as ${role}.`,
  joinsNothing: 'It has no workspace that they could join.',
  refused: (name: string) =>
    `${name} lets people join only by invitation: a new person without one is refused at the sign-in.`,
  closed: (name: string) =>
    `${name} takes in no new people at present: whoever signs in for the first time is refused.`,
  stay: 'No member is moved: members of both organizations stay where they are.',
  passwords: 'People sign in with passwords here. It takes effect once single sign-on is set up.',
  done: (name: string) => `${name} is the default organization now.`,
  create: 'Create an organization',
  name: 'Name',
  nameHint: "Letters, digits, spaces and the characters - _ ' @ ( ) & . , +",
  created: (name: string) => `${name} was created. You are its admin.`,
};

const de: typeof en = {
  list: 'Ihre Organisationen',
  search: 'Organisation finden',
  noMatch: 'Keine Organisation heißt so.',
  more: (count) => `${count} weitere. Geben Sie einen Teil des Namens ein.`,
  isDefault: 'Standard',
  personal: 'Eine persönliche Organisation kann nicht der Standard sein.',
  noAdminHere: 'Nur einer ihrer Admins kann sie zum Standard machen.',
  noAdminOfDefault: (name) =>
    `${name} ist die Standardorganisation. Um eine andere zu wählen, müssen Sie in ${name} und in der anderen Admin sein.`,
  notInDefault:
    'Die Standardorganisation ist eine, in der Sie nicht sind. Nur ein Admin von beiden kann eine andere wählen.',
  setDefault: 'Als Standard',
  setDefaultOrganization: 'Als Standard festlegen',
  title: (name) => `${name} zur Standardorganisation machen?`,
  lands: (name, before) =>
    `Wer sich zum ersten Mal per Single Sign-on anmeldet, kommt dann nach ${name} statt nach ${before}.`,
  joins: (workspaces, role) => `Neue Personen treten ${workspaces} als ${role} bei.`,
  joinsNothing: 'Dort gibt es keinen Workspace, dem sie beitreten könnten.',
  refused: (name) =>
    `${name} nimmt nur Eingeladene auf: Wer neu ist und keine Einladung hat, wird bei der Anmeldung abgewiesen.`,
  closed: (name) =>
    `${name} nimmt zurzeit keine neuen Personen auf: Wer sich zum ersten Mal anmeldet, wird abgewiesen.`,
  stay: 'Niemand wird verschoben: Mitglieder beider Organisationen bleiben, wo sie sind.',
  passwords: 'Hier melden sich Personen mit Passwort an. Es wirkt, sobald Single Sign-on eingerichtet ist.',
  done: (name) => `${name} ist jetzt die Standardorganisation.`,
  create: 'Organisation anlegen',
  name: 'Name',
  nameHint: "Buchstaben, Ziffern, Leerzeichen und die Zeichen - _ ' @ ( ) & . , +",
  created: (name) => `${name} wurde angelegt. Sie sind dort Admin.`,
};

export const organizationsTexts: PageTexts<typeof en> = { en, de };
