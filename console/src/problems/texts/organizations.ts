import type { ProblemTexts } from './by-code';

/** Organizations, their workspaces and settings. */
export const organizationProblems = {
  workspace_not_found: {
    en: 'There is no such workspace any more. Reload the page.',
    de: 'Diesen Workspace gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  workspace_id_taken: {
    en: 'Another workspace has this id.',
    de: 'Ein anderer Workspace hat diese Kennung.',
  },
  handle_taken: {
    en: 'This short name is taken. Choose another one.',
    de: 'Dieser Kurzname ist vergeben. Wählen Sie einen anderen.',
  },
  invalid_handle: {
    en: 'A short name has lowercase letters, digits and hyphens only.',
    de: 'Ein Kurzname besteht nur aus Kleinbuchstaben, Ziffern und Bindestrichen.',
  },
  only_default_workspace: {
    en: 'People who sign in for the first time join this workspace. Choose another one for them in the single sign-on settings first.',
    de: 'Wer sich zum ersten Mal anmeldet, tritt diesem Workspace bei. Wählen Sie dafür zuerst einen anderen in den Einstellungen des Single Sign-on.',
  },
  workspace_limit_reached: {
    en: 'The organization has reached its limit of workspaces. The operator of this installation can allow more.',
    de: 'Die Organisation hat schon die Höchstzahl an Workspaces. Der Betreiber dieser Installation kann mehr erlauben.',
    saysMore: true,
    help: 'seats',
  },
  one_organization_with_passwords: {
    en: 'Where people sign in with passwords, there is only one organization. The operator of this installation can set up single sign-on.',
    de: 'Wo man sich mit Passwörtern anmeldet, gibt es nur eine Organisation. Der Betreiber dieser Installation kann Single Sign-on einrichten.',
    saysMore: true,
  },
  org_creation_disabled: {
    en: 'New organizations are switched off. The operator of this installation can allow them.',
    de: 'Neue Organisationen sind ausgeschaltet. Der Betreiber dieser Installation kann sie erlauben.',
    saysMore: true,
  },
  personal_orgs_disabled: {
    en: 'Personal organizations are switched off. The operator of this installation can allow them.',
    de: 'Persönliche Organisationen sind ausgeschaltet. Der Betreiber dieser Installation kann sie erlauben.',
    saysMore: true,
  },
  personal_org_exists: {
    en: 'You have a personal organization already.',
    de: 'Sie haben schon eine persönliche Organisation.',
  },
  allowlist_excludes_caller: {
    en: 'The list has to contain your own address, or you would lose access yourself.',
    de: 'Die Liste muss Ihre eigene Adresse enthalten, sonst verlieren Sie selbst den Zugriff.',
    help: 'allowlist',
  },
  default_org_change_forbidden: {
    en: 'Only an admin of both organizations, this one and the current default, can change the default organization.',
    de: 'Nur ein Admin beider Organisationen, dieser und der bisherigen Standardorganisation, kann die Standardorganisation ändern.',
    help: 'defaultOrganization',
  },
  personal_org_cannot_be_default: {
    en: 'A personal organization has no other members, so it cannot be the default organization.',
    de: 'Eine persönliche Organisation hat keine anderen Mitglieder und kann daher nicht die Standardorganisation sein.',
  },
  onboarding_not_started: {
    en: 'There is nothing stored about the first steps yet.',
    de: 'Über die ersten Schritte ist noch nichts gespeichert.',
  },
  only_admins_change_sso: {
    en: 'Only an admin of the organization can change how single sign-on works.',
    de: 'Nur ein Admin der Organisation kann das Single Sign-on ändern.',
  },
  only_admins_test_sign_in: {
    en: 'Only an admin of the organization can test single sign-on.',
    de: 'Nur ein Admin der Organisation kann das Single Sign-on testen.',
  },
  not_the_default_org: {
    en: 'Single sign-on adds people to the default organization, which is another one. Start the test there.',
    de: 'Single Sign-on nimmt Personen in die Standardorganisation auf, und das ist eine andere. Starten Sie den Test dort.',
  },
  test_sign_in_not_found: {
    en: 'This test was read already, was started in another session, or took longer than ten minutes. Start a new one.',
    de: 'Dieser Test wurde schon gelesen, in einer anderen Sitzung gestartet oder dauerte länger als zehn Minuten. Starten Sie einen neuen.',
  },
  only_admins_change_group_separator: {
    en: 'Only an admin of the organization can change the separator in group names, since the roles that groups give depend on it.',
    de: 'Nur ein Admin der Organisation kann das Trennzeichen in Gruppennamen ändern, da die Rollen der Gruppen davon abhängen.',
  },
  only_admins_require_sign_in: {
    en: 'Only an admin of the organization can change what is required of a sign-in.',
    de: 'Nur ein Admin der Organisation kann ändern, was von einer Anmeldung verlangt wird.',
  },
  token_of_weaker_sign_in: {
    en: 'This access token was created with a weaker sign-in than the organization requires. Change it here, after signing in as required.',
    de: 'Dieses Zugriffstoken wurde mit einer schwächeren Anmeldung erstellt, als die Organisation verlangt. Ändern Sie es hier, nachdem Sie sich wie verlangt angemeldet haben.',
    help: 'signInRequirement',
  },
  own_sign_in_insufficient: {
    en: 'Your own sign-in does not meet this, so you would lose access yourself. Test what your identity provider sends, sign in again in that way, and then save.',
    de: 'Ihre eigene Anmeldung erfüllt das nicht, Sie würden also selbst den Zugriff verlieren. Testen Sie, was Ihr Identity-Provider sendet, melden Sie sich so erneut an, und speichern Sie dann.',
    help: 'signInRequirement',
  },
  sign_in_requirement_needs_sso: {
    en: 'People sign in with passwords here, so nothing can be required of an identity provider. The operator of this installation can set up single sign-on.',
    de: 'Hier meldet man sich mit Passwörtern an, von einem Identity-Provider kann also nichts verlangt werden. Der Betreiber dieser Installation kann Single Sign-on einrichten.',
    help: 'signInRequirement',
  },
  only_admins_change_allowlist: {
    en: 'Only an admin of the organization can change from which networks it is used.',
    de: 'Nur ein Admin der Organisation kann ändern, aus welchen Netzen sie genutzt wird.',
  },
  only_admins_switch_scim_roles: {
    en: 'Only an admin of the organization can let the identity provider give roles directly.',
    de: 'Nur ein Admin der Organisation kann erlauben, dass der Identity-Provider Rollen direkt vergibt.',
  },
  only_admins_restrict_logins: {
    en: 'Only an admin of the organization can change how people sign in.',
    de: 'Nur ein Admin der Organisation kann ändern, wie man sich anmeldet.',
  },
  sso_session_required: {
    en: 'Sign in with single sign-on first, then repeat this: it proves that single sign-on works.',
    de: 'Melden Sie sich zuerst mit Single Sign-on an und wiederholen Sie es dann: Das zeigt, dass Single Sign-on funktioniert.',
  },
  sso_settings_not_found: {
    en: 'These single sign-on settings do not exist any more. Reload the page.',
    de: 'Diese Einstellungen des Single Sign-on gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  sso_settings_exist: {
    en: 'Somebody else has set up single sign-on meanwhile. Reload the page.',
    de: 'Jemand anders hat Single Sign-on inzwischen eingerichtet. Laden Sie die Seite neu.',
  },
  metadata_source_is_set: {
    en: 'Metadata comes either from an address or from a file. Remove the other source first.',
    de: 'Metadaten kommen entweder von einer Adresse oder aus einer Datei. Entfernen Sie zuerst die andere Quelle.',
  },
  default_workspaces_not_found: {
    en: 'Some of these workspaces do not exist any more. Reload the page.',
    de: 'Einige dieser Workspaces gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  webhook_not_found: {
    en: 'There is no such webhook any more. Reload the page.',
    de: 'Diesen Webhook gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  only_admins_read_access_reports: {
    en: 'Only an admin of the organization can read access reports.',
    de: 'Nur ein Admin der Organisation kann Zugriffsberichte lesen.',
  },
  only_admins_manage_webhooks: {
    en: 'Only an admin of the organization can manage webhooks.',
    de: 'Nur ein Admin der Organisation kann Webhooks verwalten.',
  },
  invalid_redelivery: {
    en: 'Select events, or a period that begins before it ends.',
    de: 'Wählen Sie Ereignisse aus, oder einen Zeitraum, der vor seinem Ende beginnt.',
  },
  unknown_events: {
    en: 'Some of these events do not exist any more. Reload the page.',
    de: 'Einige dieser Ereignisse gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  too_many_to_redeliver: {
    en: 'These are more than 10,000 events. Choose a shorter period.',
    de: 'Das sind mehr als 10.000 Ereignisse. Wählen Sie einen kürzeren Zeitraum.',
  },
  too_many_webhooks: {
    en: 'There are 20 webhooks already. Delete one first.',
    de: 'Es gibt schon 20 Webhooks. Löschen Sie zuerst einen.',
  },
  oauth_client_not_found: {
    en: 'There is no such application any more. Reload the page.',
    de: 'Diese Anwendung gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  only_admins_manage_oauth_clients: {
    en: 'Only an admin of the organization can manage applications.',
    de: 'Nur ein Admin der Organisation kann Anwendungen verwalten.',
  },
  oauth_client_limit_reached: {
    en: 'There are 100 applications already. Delete one first.',
    de: 'Es gibt schon 100 Anwendungen. Löschen Sie zuerst eine.',
  },
  oauth_client_is_public: {
    en: 'This application is public and has no secret.',
    de: 'Diese Anwendung ist öffentlich und hat kein Secret.',
  },
  invalid_client_metadata: {
    en: 'The application cannot be registered with these values.',
    de: 'Die Anwendung kann mit diesen Werten nicht registriert werden.',
    saysMore: true,
  },
  invalid_redirect_uri: {
    en: 'The application cannot be registered with this redirect address.',
    de: 'Die Anwendung kann mit dieser Weiterleitungsadresse nicht registriert werden.',
    saysMore: true,
  },
} satisfies ProblemTexts;
