import type { ProblemTexts } from './by-code';

/** Keys, tokens and service accounts. */
export const credentialProblems = {
  invalid_oauth_request: {
    en: 'The application has sent an incomplete request. Start again there.',
    de: 'Die Anwendung hat eine unvollständige Anfrage gesendet. Beginnen Sie dort von vorn.',
    saysMore: true,
  },
  application_not_authenticated: {
    en: 'The application is not known here, or its secret is wrong.',
    de: 'Die Anwendung ist hier nicht bekannt, oder ihr Geheimnis ist falsch.',
  },
  oauth_request_refused: {
    en: 'The request of the application was refused.',
    de: 'Die Anfrage der Anwendung wurde abgelehnt.',
  },
  unknown_application: {
    en: 'This application is not known here.',
    de: 'Diese Anwendung ist hier nicht bekannt.',
  },
  redirect_address_not_registered: {
    en: 'The application asks to send you to an address that it has not registered. Nothing was approved.',
    de: 'Die Anwendung will Sie an eine Adresse senden, die sie nicht registriert hat. Es wurde nichts genehmigt.',
  },
  authorization_request_refused: {
    en: 'The application has sent a request that is not valid. Start again there.',
    de: 'Die Anwendung hat eine ungültige Anfrage gesendet. Beginnen Sie dort von vorn.',
    saysMore: true,
  },
  user_code_not_found: {
    en: 'No device waits with this code: it is mistyped, older than ten minutes, or was used. Start again on the device.',
    de: 'Kein Gerät wartet mit diesem Code: Er ist vertippt, älter als zehn Minuten oder schon benutzt. Beginnen Sie am Gerät von vorn.',
  },
  application_not_authorized: {
    en: 'The access of this application has already ended. Reload the page.',
    de: 'Der Zugriff dieser Anwendung ist schon beendet. Laden Sie die Seite neu.',
  },
  application_of_another_organization: {
    en: 'This application belongs to another organization, and gets access there only.',
    de: 'Diese Anwendung gehört zu einer anderen Organisation und bekommt nur dort Zugriff.',
  },
  approval_for_another_organization: {
    en: 'The page shows another organization than the one you chose. Reload it.',
    de: 'Die Seite zeigt eine andere Organisation als die gewählte. Laden Sie sie neu.',
  },
  api_key_not_found: {
    en: 'There is no such key any more. Reload the page.',
    de: 'Diesen Schlüssel gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  invalid_expiry: {
    en: 'It may not expire at that time. Choose another one.',
    de: 'Zu dieser Zeit darf er nicht ablaufen. Wählen Sie eine andere.',
    saysMore: true,
    help: 'keyExpiry',
  },
  invalid_key_scope: {
    en: 'The workspaces or roles of the key are not valid.',
    de: 'Die Workspaces oder Rollen des Schlüssels sind nicht gültig.',
    saysMore: true,
  },
  pat_creation_disabled_by_org: {
    en: 'Personal access tokens, and access for applications, are switched off in this organization. An admin of the organization can switch them on.',
    de: 'Persönliche Zugriffstoken und der Zugriff von Anwendungen sind in dieser Organisation ausgeschaltet. Ein Admin der Organisation kann beides einschalten.',
  },
  pat_creation_disabled_by_operator: {
    en: 'Personal access tokens, and access for applications, are switched off. The operator of this installation can switch them on.',
    de: 'Persönliche Zugriffstoken und der Zugriff von Anwendungen sind ausgeschaltet. Der Betreiber dieser Installation kann beides einschalten.',
    saysMore: true,
  },
  only_admins_manage_org_wide_keys: {
    en: 'Only an admin of the organization manages keys for the whole organization. Choose workspaces instead.',
    de: 'Schlüssel für die ganze Organisation verwaltet nur ein Admin der Organisation. Wählen Sie Workspaces.',
  },
  key_cannot_change_itself: {
    en: 'A key cannot change itself.',
    de: 'Ein Schlüssel kann sich nicht selbst ändern.',
  },
  secret_replaced: {
    en: 'This secret was replaced. Use the new one to create or rotate keys and tokens.',
    de: 'Dieses Geheimnis wurde ersetzt. Verwenden Sie das neue, um Schlüssel und Token zu erstellen oder zu rotieren.',
  },
  rotation_outlives_caller: {
    en: 'The new secret would work longer than the key or token that you use. Sign in to rotate it.',
    de: 'Das neue Geheimnis wäre länger gültig als Ihr Schlüssel oder Token. Melden Sie sich an, um es zu rotieren.',
    help: 'ownEnd',
  },
  change_outlives_caller: {
    en: 'Your right to give this ends earlier. Choose an end before that, or ask an admin whose role does not end.',
    de: 'Ihr Recht, dies zu vergeben, endet vorher. Wählen Sie ein früheres Ende, oder bitten Sie einen Admin, dessen Rolle kein Ende hat.',
    help: 'ownEnd',
  },
  only_owners_rotate_tokens: {
    en: 'Only its owner can rotate a personal access token.',
    de: 'Ein persönliches Zugriffstoken kann nur die Person rotieren, der es gehört.',
  },
  credential_has_ended: {
    en: 'It has expired or is revoked. Create a new one.',
    de: 'Es ist abgelaufen oder widerrufen. Erstellen Sie einen neuen Schlüssel oder ein neues Token.',
  },
  operator_cannot_change_admin_key: {
    en: 'Only an admin of the organization can make a key an admin of it or change such a key.',
    de: 'Nur ein Admin der Organisation kann einen Schlüssel zu ihrem Admin machen oder einen solchen ändern.',
    help: 'operators',
  },
  application_may_not_create: {
    en: 'An application creates no credentials and sets no passwords. Do this in the console.',
    de: 'Eine Anwendung erstellt keine Zugangsdaten und setzt keine Passwörter. Tun Sie dies in der Konsole.',
    help: 'applications',
  },
  key_creation_by_keys_disabled: {
    en: 'In this organization, only signed-in users create keys.',
    de: 'In dieser Organisation erstellen nur angemeldete Personen Schlüssel.',
    help: 'keys',
  },
  key_creation_switch_needs_session: {
    en: 'Sign in to allow keys to create keys.',
    de: 'Melden Sie sich an, um Schlüsseln zu erlauben, Schlüssel zu erstellen.',
  },
  service_keys_own_no_tokens: {
    en: 'A personal access token belongs to a user. Sign in to create one.',
    de: 'Ein persönliches Zugriffstoken gehört einer Person. Melden Sie sich an, um eines zu erstellen.',
  },
  may_not_list_member_tokens: {
    en: 'Only an admin of the organization can see the tokens of others.',
    de: 'Nur ein Admin der Organisation kann die Token anderer sehen.',
  },
  may_not_revoke_member_tokens: {
    en: 'Only an admin of the organization can revoke the tokens of others.',
    de: 'Nur ein Admin der Organisation kann die Token anderer widerrufen.',
  },
  only_admins_manage_tokens: {
    en: 'Only an admin of the organization can see and revoke access tokens and SCIM tokens.',
    de: 'Nur ein Admin der Organisation kann Zugriffstoken und SCIM-Token sehen und widerrufen.',
  },
  credential_count_differs: {
    en: 'Nothing was revoked, because the credentials have changed meanwhile. Check them again.',
    de: 'Es wurde nichts widerrufen, weil sich die Zugangsdaten inzwischen geändert haben. Prüfen Sie sie noch einmal.',
  },
  invalid_credential_selection: {
    en: 'Select credentials, or set at least one filter.',
    de: 'Wählen Sie Zugangsdaten aus, oder setzen Sie mindestens einen Filter.',
  },
  parent_token_revoked: {
    en: 'The token with which this one was created is revoked. Reinstate that one first.',
    de: 'Das Token, mit dem dieses erstellt wurde, ist widerrufen. Geben Sie zuerst jenes wieder frei.',
  },
  service_account_not_found: {
    en: 'There is no such service account any more.',
    de: 'Dieses Dienstkonto gibt es nicht mehr.',
  },
  service_account_name_taken: {
    en: 'Another service account has this name. Choose another name.',
    de: 'Ein anderes Dienstkonto hat diesen Namen. Wählen Sie einen anderen.',
  },
  assignments_not_found: {
    en: 'Some of these workspaces or roles do not exist any more. Reload the page.',
    de: 'Einige dieser Workspaces oder Rollen gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  assignments_forbidden: {
    en: 'You may not give some of these roles. An admin of the organization can.',
    de: 'Sie dürfen einige dieser Rollen nicht vergeben. Ein Admin der Organisation darf es.',
  },
  scim_token_not_found: {
    en: 'There is no such SCIM token any more. Reload the page.',
    de: 'Dieses SCIM-Token gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  invalid_scim_token_expiry: {
    en: 'The token may not expire at that time. Choose another one.',
    de: 'Zu dieser Zeit darf das Token nicht ablaufen. Wählen Sie eine andere.',
    saysMore: true,
  },
  only_admins_manage_scim_tokens: {
    en: 'Only an admin of the organization can manage SCIM tokens.',
    de: 'Nur ein Admin der Organisation kann SCIM-Token verwalten.',
  },
} satisfies ProblemTexts;
