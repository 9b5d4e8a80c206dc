import type { Schemas } from '../api/client';
import type { PageTexts } from '../texts/texts';

const en = {
  title: 'Test the sign-in',
  text: 'Sign in at the identity provider in a new tab. No one is signed in here, and nothing is saved.',
  start: 'Test sign-in',
  again: 'Test again',
  onlyAdmins: 'Only Organization Admins can test the sign-in.',
  notDefault:
    'Single sign-on adds people to the default organization, which is another one. An admin there can test it.',
  waiting: 'Waiting for you to sign in. No new tab?',
  openProvider: 'Open the identity provider',
  works: 'The sign-in works',
  rules: {
    existing_access: 'The person is let in, because they have access already.',
    invitation: 'The person is let in, because they are invited.',
    jit: 'The person is let in, because people may join at their first sign-in.',
    invited_elsewhere: 'The person is let in to accept the invitation of another organization.',
  } satisfies Record<Schemas['SignInRule'], string>,
  accounts: {
    known: 'This login has an account here.',
    joined: 'The login would be linked to the account with its e-mail address.',
    new: 'An account would be created.',
  } satisfies Record<Schemas['SignInAccount'], string>,
  defaults: {
    sso_settings: 'They would start where “First sign-in” below says.',
    first_workspace: 'They would start in the oldest workspace, since “First sign-in” below was never saved.',
    unusable: 'They would start in no workspace: those of “First sign-in” below do not exist any more.',
  } satisfies Record<Schemas['SignInDefaults'], string>,
  steps: {
    discovery: 'The metadata of the identity provider cannot be read',
    pushed_authorization_request: 'The identity provider does not accept the pushed request',
    authorization: 'The identity provider did not let the person in',
    token_endpoint: 'The identity provider issues no tokens',
    key_set: 'The keys of the identity provider cannot be read',
    id_token: 'The ID token is not accepted',
    user_info: 'The UserInfo of the identity provider is not accepted',
    decision: 'The identity provider works, but the person would be refused',
  } satisfies Record<Schemas['TestSignInStep'], string>,
  flaws: {
    malformed: 'The provider sent something that is no ID token. Its log may say why.',
    algorithm:
      'Let the provider sign with an asymmetric key, such as RS256, and announce the algorithm in its metadata.',
    unknown_key: 'The provider signed with a key that it does not publish. Check its signing keys.',
    ambiguous_key:
      'The provider publishes several keys and does not name the one it used. Let it send “kid”.',
    signature:
      'The signature is wrong. Check that nothing between both servers changes the token or the keys.',
    issuer:
      'The token names another issuer. The operator of this installation sets the one that the provider sends.',
    audience: 'The token is for another client. Compare the client ID at the provider with the one above.',
    authorized_party:
      'The token is for another client. Compare the client ID at the provider with the one above.',
    expired: 'The token had expired when it arrived. Compare the clocks of both servers.',
    issued_at: 'The time of issue lies in the future. Compare the clocks of both servers.',
    nonce:
      'The token belongs to another sign-in. Test again; if it persists, the provider does not return the nonce.',
    session_expiry:
      'The end of the session (“session_expiry”) is no time in the future. Check the provider and the clocks.',
    access_token: 'ID token and access token do not belong together. The provider has to be corrected.',
    subject: 'The token names no user. Check which claim of the provider is the subject.',
    user_info: 'UserInfo answers for another user than the ID token. The provider has to be corrected.',
  } as Readonly<Record<string, string | undefined>>,
  forOperator: 'For the operator of this installation:',
  claims: 'What the identity provider sent',
  uses: {
    subject: 'Identity',
    email: 'E-mail',
    email_verified: 'Verified address',
    name: 'Name',
    given_name: 'First name',
    family_name: 'Last name',
    username: 'User name',
    groups: 'Groups',
    acr: 'Level',
    amr: 'Methods',
    auth_time: 'Time of the sign-in',
  } satisfies Record<Schemas['TestSignInClaimUse'], string>,
  notSent: 'Not sent',
  others: (names: string) => `Sent too, and not used here: ${names}.`,
  groups: 'Groups of the person',
  groupsStates: {
    off: 'Groups are not used. They can be turned on below.',
    not_sent:
      'The identity provider did not send groups. Check the name of the claim below, and the provider.',
    without_roles: 'Groups were read. They do not change roles, since updating roles is off.',
    with_roles: 'Groups were read, and give the roles that their names say.',
  } satisfies Record<Schemas['SignInGroups'], string>,
  admin: 'Organization Admin',
  role: (role: string, workspace: string) => `${role} in ${workspace}`,
  rights: 'What the person would have after the sign-in',
  organization: 'Organization',
  noRights: 'No role in this organization.',
  changes: {
    unchanged: 'as now',
    added: 'new',
    changed: 'changed',
    removed: 'would end',
  } satisfies Record<Schemas['TestSignInChange'], string>,
};

const de: typeof en = {
  title: 'Anmeldung testen',
  text: 'Melden Sie sich in einem neuen Tab beim Identity-Provider an. Hier wird niemand angemeldet und nichts gespeichert.',
  start: 'Anmeldung testen',
  again: 'Erneut testen',
  onlyAdmins: 'Nur Organization Admins können die Anmeldung testen.',
  notDefault:
    'Single Sign-on nimmt Personen in die Standardorganisation auf, und das ist eine andere. Ein Admin dort kann es testen.',
  waiting: 'Es wird auf Ihre Anmeldung gewartet. Kein neuer Tab?',
  openProvider: 'Identity-Provider öffnen',
  works: 'Die Anmeldung funktioniert',
  rules: {
    existing_access: 'Die Person wird eingelassen, denn sie hat schon Zugang.',
    invitation: 'Die Person wird eingelassen, denn sie ist eingeladen.',
    jit: 'Die Person wird eingelassen, denn man darf bei der ersten Anmeldung beitreten.',
    invited_elsewhere: 'Die Person wird eingelassen, um die Einladung einer anderen Organisation anzunehmen.',
  },
  accounts: {
    known: 'Dieser Login hat hier ein Konto.',
    joined: 'Der Login würde mit dem Konto derselben E-Mail-Adresse verbunden.',
    new: 'Ein Konto würde angelegt.',
  },
  defaults: {
    sso_settings: 'Sie würde dort beginnen, wo es unten unter „Erste Anmeldung“ steht.',
    first_workspace:
      'Sie würde im ältesten Workspace beginnen, denn „Erste Anmeldung“ unten wurde nie gespeichert.',
    unusable: 'Sie würde in keinem Workspace beginnen: Die von „Erste Anmeldung“ unten gibt es nicht mehr.',
  },
  steps: {
    discovery: 'Die Metadaten des Identity-Providers können nicht gelesen werden',
    pushed_authorization_request: 'Der Identity-Provider nimmt die vorab gesendete Anfrage nicht an',
    authorization: 'Der Identity-Provider hat die Person nicht eingelassen',
    token_endpoint: 'Der Identity-Provider stellt keine Token aus',
    key_set: 'Die Schlüssel des Identity-Providers können nicht gelesen werden',
    id_token: 'Das ID-Token wird nicht angenommen',
    user_info: 'Die UserInfo des Identity-Providers wird nicht angenommen',
    decision: 'Der Identity-Provider funktioniert, aber die Person würde abgewiesen',
  },
  flaws: {
    malformed:
      'Der Provider hat etwas gesendet, das kein ID-Token ist. Sein Protokoll sagt vielleicht, warum.',
    algorithm:
      'Lassen Sie den Provider mit einem asymmetrischen Schlüssel signieren, etwa RS256, und das Verfahren in den Metadaten nennen.',
    unknown_key:
      'Der Provider hat mit einem Schlüssel signiert, den er nicht veröffentlicht. Prüfen Sie seine Signaturschlüssel.',
    ambiguous_key:
      'Der Provider veröffentlicht mehrere Schlüssel und nennt den verwendeten nicht. Lassen Sie ihn „kid“ senden.',
    signature:
      'Die Signatur ist falsch. Prüfen Sie, dass zwischen beiden Servern nichts das Token oder die Schlüssel verändert.',
    issuer:
      'Das Token nennt einen anderen Issuer. Der Betreiber dieser Installation stellt den ein, den der Provider sendet.',
    audience:
      'Das Token ist für einen anderen Client. Vergleichen Sie die Client-ID beim Provider mit der oben.',
    authorized_party:
      'Das Token ist für einen anderen Client. Vergleichen Sie die Client-ID beim Provider mit der oben.',
    expired: 'Das Token war bei der Ankunft abgelaufen. Vergleichen Sie die Uhren beider Server.',
    issued_at: 'Die Ausstellungszeit liegt in der Zukunft. Vergleichen Sie die Uhren beider Server.',
    nonce:
      'Das Token gehört zu einer anderen Anmeldung. Testen Sie erneut; bleibt es so, gibt der Provider die Nonce nicht zurück.',
    session_expiry:
      'Das Ende der Sitzung („session_expiry“) ist keine Zeit in der Zukunft. Prüfen Sie den Provider und die Uhren.',
    access_token: 'ID-Token und Access-Token gehören nicht zusammen. Der Provider muss berichtigt werden.',
    subject: 'Das Token nennt keinen Benutzer. Prüfen Sie, welcher Claim des Providers das Subject ist.',
    user_info:
      'UserInfo antwortet für einen anderen Benutzer als das ID-Token. Der Provider muss berichtigt werden.',
  },
  forOperator: 'Für den Betreiber dieser Installation:',
  claims: 'Was der Identity-Provider gesendet hat',
  uses: {
    subject: 'Identität',
    email: 'E-Mail',
    email_verified: 'Adresse bestätigt',
    name: 'Name',
    given_name: 'Vorname',
    family_name: 'Nachname',
    username: 'Benutzername',
    groups: 'Gruppen',
    acr: 'Stufe',
    amr: 'Verfahren',
    auth_time: 'Zeit der Anmeldung',
  },
  notSent: 'Nicht gesendet',
  others: (names) => `Auch gesendet und hier nicht verwendet: ${names}.`,
  groups: 'Gruppen der Person',
  groupsStates: {
    off: 'Gruppen werden nicht verwendet. Sie lassen sich unten einschalten.',
    not_sent:
      'Der Identity-Provider hat keine Gruppen gesendet. Prüfen Sie unten den Namen des Claims, und den Provider.',
    without_roles: 'Gruppen wurden gelesen. Sie ändern keine Rollen, denn das Anpassen der Rollen ist aus.',
    with_roles: 'Gruppen wurden gelesen und geben die Rollen, die ihre Namen nennen.',
  },
  admin: 'Organization Admin',
  role: (role, workspace) => `${role} in ${workspace}`,
  rights: 'Was die Person nach der Anmeldung hätte',
  organization: 'Organisation',
  noRights: 'Keine Rolle in dieser Organisation.',
  changes: { unchanged: 'wie jetzt', added: 'neu', changed: 'geändert', removed: 'würde enden' },
};

export const testTexts: PageTexts<typeof en> = { en, de };
