import type { PageTexts } from '../texts/texts';

const en = {
  forgotTitle: 'Forgot your password?',
  forgotText:
    'Enter the e-mail address of your account or of your invitation. You get a link to set a password.',
  send: 'Send the link',
  sentTitle: 'Check your inbox',
  sentText: (email: string) =>
    `If ${email} has an account or an open invitation, a mail with a link is on its way. That can take a few minutes; check your spam folder, too.`,
  sentLink: 'The link works once: for 24 hours, or as long as the invitation.',
  otherAddress: 'Use another address',
  askAdminTitle: 'Ask for a new password',
  askAdmin:
    'This installation sends no mails. An admin of your organization can create a link for you, with which you set a new password.',
  toSignIn: 'Back to the sign-in page',
  titles: { invitation: 'Choose a password', account: 'Choose a password', forgotten: 'Set a new password' },
  invitation: (organization: string) => `${organization} invites you. Choose a password to join.`,
  account: (organization: string) =>
    `You are a member of ${organization}. Choose a password to sign in with.`,
  forgotten: 'The new password ends all your sessions on other devices.',
  tokensStay: 'Your personal access tokens, and service keys and SCIM tokens that you created, stay valid.',
  revokeTokens: 'Revoke my personal access tokens',
  keysStay:
    'Service keys and SCIM tokens that you created stay valid. Delete them yourself, or ask an admin to.',
  newPassword: 'New password',
  rules: {
    length: 'At least 12 characters',
    lower: 'A lowercase letter (a to z)',
    upper: 'An uppercase letter (A to Z)',
    symbol: 'One of these symbols: ! # $ % ( ) + , - . / : ? @ [ \\ ] ^ _ { } ~',
  },
  met: 'fulfilled',
  open: 'not yet fulfilled',
  set: 'Set the password and sign in',
  join: 'Join',
  checking: 'Checking the link …',
  noToken: 'This page needs a link from a mail, or from an admin of your organization.',
  failedTitle: 'This link does not work',
  newLink: 'Get a new link',
  create: 'Create password link',
  createTitle: (who: string) => `Password link for ${who}`,
  createText: (who: string) =>
    `Whoever opens the link can choose the password of ${who} and sign in as them. Hand it over in person or in another safe way.`,
  createConsequences:
    'It works once, for 24 hours, and replaces an earlier link. The password counts as one that you chose.',
  createInvitationText: (who: string) =>
    `Whoever opens the link can choose a password and join as ${who}. Hand it over in person or in another safe way.`,
  createButton: 'Create the link',
  shownOnce: (end: string) => `Copy the link now, it is not shown again. It works once, until ${end}.`,
};

const de: typeof en = {
  forgotTitle: 'Passwort vergessen?',
  forgotText:
    'Geben Sie die E-Mail-Adresse Ihres Kontos oder Ihrer Einladung ein. Sie erhalten einen Link, um ein Passwort festzulegen.',
  send: 'Link senden',
  sentTitle: 'Sehen Sie in Ihr Postfach',
  sentText: (email) =>
    `Falls es zu ${email} ein Konto oder eine offene Einladung gibt, ist eine E-Mail mit einem Link unterwegs. Das kann einige Minuten dauern; sehen Sie auch im Spam-Ordner nach.`,
  sentLink: 'Der Link funktioniert einmal: 24 Stunden lang, oder solange die Einladung gilt.',
  otherAddress: 'Andere Adresse verwenden',
  askAdminTitle: 'Um ein neues Passwort bitten',
  askAdmin:
    'Diese Installation versendet keine E-Mails. Ein Admin Ihrer Organisation kann einen Link für Sie erstellen, mit dem Sie ein neues Passwort festlegen.',
  toSignIn: 'Zurück zur Anmeldung',
  titles: {
    invitation: 'Passwort wählen',
    account: 'Passwort wählen',
    forgotten: 'Neues Passwort festlegen',
  },
  invitation: (organization) => `${organization} lädt Sie ein. Wählen Sie ein Passwort, um beizutreten.`,
  account: (organization) =>
    `Sie sind Mitglied von ${organization}. Wählen Sie ein Passwort, mit dem Sie sich anmelden.`,
  forgotten: 'Das neue Passwort beendet alle Ihre Sitzungen auf anderen Geräten.',
  tokensStay:
    'Ihre persönlichen Zugriffstoken sowie Dienstschlüssel und SCIM-Token, die Sie erstellt haben, bleiben gültig.',
  revokeTokens: 'Meine persönlichen Zugriffstoken widerrufen',
  keysStay:
    'Dienstschlüssel und SCIM-Token, die Sie erstellt haben, bleiben gültig. Löschen Sie sie selbst, oder bitten Sie einen Admin darum.',
  newPassword: 'Neues Passwort',
  rules: {
    length: 'Mindestens 12 Zeichen',
    lower: 'Ein Kleinbuchstabe (a bis z)',
    upper: 'Ein Großbuchstabe (A bis Z)',
    symbol: 'Eines dieser Zeichen: ! # $ % ( ) + , - . / : ? @ [ \\ ] ^ _ { } ~',
  },
  met: 'erfüllt',
  open: 'noch nicht erfüllt',
  set: 'Passwort festlegen und anmelden',
  join: 'Beitreten',
  checking: 'Der Link wird geprüft …',
  noToken: 'Diese Seite braucht einen Link aus einer E-Mail oder von einem Admin Ihrer Organisation.',
  failedTitle: 'Dieser Link funktioniert nicht',
  newLink: 'Neuen Link anfordern',
  create: 'Passwort-Link erstellen',
  createTitle: (who) => `Passwort-Link für ${who}`,
  createText: (who) =>
    `Wer den Link öffnet, kann das Passwort von ${who} wählen und sich so anmelden. Übergeben Sie ihn persönlich oder auf einem anderen sicheren Weg.`,
  createConsequences:
    'Er funktioniert einmal, 24 Stunden lang, und ersetzt einen früheren Link. Das Passwort gilt als eines, das Sie gewählt haben.',
  createInvitationText: (who) =>
    `Wer den Link öffnet, kann ein Passwort wählen und als ${who} beitreten. Übergeben Sie ihn persönlich oder auf einem anderen sicheren Weg.`,
  createButton: 'Link erstellen',
  shownOnce: (end) =>
    `Kopieren Sie den Link jetzt, er wird nicht noch einmal angezeigt. Er funktioniert einmal, bis ${end}.`,
};

export type PasswordTexts = typeof en;
export const passwordTexts: PageTexts<PasswordTexts> = { en, de };
