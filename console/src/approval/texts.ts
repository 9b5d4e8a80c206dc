import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Give an application access',
  askTitle: (application: string) => `Allow “${application}” to act for you?`,
  application: 'Application',
  account: 'Your account',
  returnsTo: 'Sends you back to',
  hosts: {
    web: (host: string) => host,
    loopback: (host: string) => `This computer (${host})`,
    native: (scheme: string) => `An application on this device (${scheme}:)`,
  },
  cautions: {
    web: 'An application chooses its own name. Allow it only if you know the address above and have just come from there.',
    loopback:
      'This is an address of your computer, which any program on it can use. Allow it only if you have just started this sign-in yourself.',
    native:
      'Any application on this device can use this address. Allow it only if you have just started this sign-in yourself.',
    device:
      'Allow it only if you have just started this sign-in yourself. If somebody gave you the code, deny it.',
  },
  organization: 'Organization',
  workspace: 'Workspace',
  workspaceHint: 'Where it works unless it names another one.',
  noOrganization: 'You are not a member of an organization, so there is nothing to give access to.',
  will: 'It will be able to',
  act: 'see and change everything that you can in this organization',
  identity: 'see your name and your e-mail address',
  willNot: 'It may never do more than you. It cannot create keys, tokens or passwords.',
  ends: 'You can end its access at any time under “Your applications”.',
  allow: 'Allow',
  deny: 'Deny',
  back: 'Back',
  allowedTitle: 'Access is given',
  deniedTitle: 'Access is denied',
  sentBack: (application: string) =>
    `You are sent back to “${application}”. If nothing happens, you can close this page.`,
  close: 'You can close this page.',
  remembered: (application: string) => `You have allowed “${application}” before. You are sent back to it.`,
  deviceTitle: 'Connect an application',
  enterCode: 'Enter the code that the application shows.',
  compareCode:
    'Compare this code with the one that the application shows. Continue only if it is the same, and if you have started this yourself.',
  code: 'Code',
  continue: 'Continue',
  network: 'Network',
  unknown: 'Unknown',
  program: 'Program',
  askedAt: 'Requested',
  tooMany: 'Too many wrong codes. Try again in an hour.',
  deviceAllowed: (application: string) => `You can close this page and continue in “${application}”.`,
  deviceDenied: 'The application has got no access. You can close this page.',
};

const de: typeof en = {
  title: 'Einer Anwendung Zugriff geben',
  askTitle: (application) => `„${application}“ erlauben, für Sie zu handeln?`,
  application: 'Anwendung',
  account: 'Ihr Konto',
  returnsTo: 'Leitet Sie zurück zu',
  hosts: {
    web: (host) => host,
    loopback: (host) => `Dieser Computer (${host})`,
    native: (scheme) => `Eine Anwendung auf diesem Gerät (${scheme}:)`,
  },
  cautions: {
    web: 'Ihren Namen wählt eine Anwendung selbst. Erlauben Sie dies nur, wenn Sie die Adresse oben kennen und gerade von dort kommen.',
    loopback:
      'Das ist eine Adresse Ihres Computers, die jedes Programm darauf nutzen kann. Erlauben Sie dies nur, wenn Sie diese Anmeldung gerade selbst begonnen haben.',
    native:
      'Diese Adresse kann jede Anwendung auf diesem Gerät nutzen. Erlauben Sie dies nur, wenn Sie diese Anmeldung gerade selbst begonnen haben.',
    device:
      'Erlauben Sie dies nur, wenn Sie diese Anmeldung gerade selbst begonnen haben. Hat Ihnen jemand den Code gegeben, lehnen Sie ab.',
  },
  organization: 'Organisation',
  workspace: 'Workspace',
  workspaceHint: 'Hier arbeitet sie, wenn sie keinen anderen nennt.',
  noOrganization:
    'Sie sind in keiner Organisation Mitglied. Es gibt nichts, worauf Sie Zugriff geben könnten.',
  will: 'Sie wird',
  act: 'in dieser Organisation alles sehen und ändern können, was Sie können',
  identity: 'Ihren Namen und Ihre E-Mail-Adresse sehen können',
  willNot: 'Sie darf nie mehr als Sie selbst. Schlüssel, Token und Passwörter kann sie nicht erstellen.',
  ends: 'Sie können ihren Zugriff jederzeit unter „Ihre Anwendungen“ beenden.',
  allow: 'Erlauben',
  deny: 'Ablehnen',
  back: 'Zurück',
  allowedTitle: 'Zugriff gegeben',
  deniedTitle: 'Zugriff abgelehnt',
  sentBack: (application) =>
    `Sie werden zu „${application}“ zurückgeleitet. Geschieht nichts, können Sie diese Seite schließen.`,
  close: 'Sie können diese Seite schließen.',
  remembered: (application) => `Sie haben „${application}“ schon erlaubt und werden zurückgeleitet.`,
  deviceTitle: 'Eine Anwendung verbinden',
  enterCode: 'Geben Sie den Code ein, den die Anwendung zeigt.',
  compareCode:
    'Vergleichen Sie diesen Code mit dem, den die Anwendung zeigt. Machen Sie nur weiter, wenn es derselbe ist und Sie dies selbst begonnen haben.',
  code: 'Code',
  continue: 'Weiter',
  network: 'Netzwerk',
  unknown: 'Unbekannt',
  program: 'Programm',
  askedAt: 'Angefragt',
  tooMany: 'Zu viele falsche Codes. Versuchen Sie es in einer Stunde erneut.',
  deviceAllowed: (application) => `Sie können diese Seite schließen und in „${application}“ weitermachen.`,
  deviceDenied: 'Die Anwendung hat keinen Zugriff bekommen. Sie können diese Seite schließen.',
};

export const approvalTexts: PageTexts<typeof en> = { en, de };
