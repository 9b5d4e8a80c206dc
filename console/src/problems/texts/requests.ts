import type { ProblemTexts } from './by-code';

/** What any request can meet: HTTP, the session, the organization, the state of the server. */
export const requestProblems = {
  malformed_request: {
    en: 'The server could not read the request. Reload the page and try again.',
    de: 'Der Server konnte die Anfrage nicht lesen. Laden Sie die Seite neu und versuchen Sie es erneut.',
  },
  ambiguous_host: {
    en: 'The server could not read the request. Open the console by its usual address.',
    de: 'Der Server konnte die Anfrage nicht lesen. Öffnen Sie die Konsole unter ihrer üblichen Adresse.',
  },
  public_url_missing: {
    en: 'The address of this server is not set. The operator has to set it first.',
    de: 'Die Adresse dieses Servers ist nicht festgelegt. Der Betreiber muss sie zuerst festlegen.',
  },
  invalid_credential: {
    en: 'Your session has ended. Sign in again.',
    de: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an.',
  },
  session_not_confirmed: {
    en: 'Your identity provider does not confirm your session at the moment. Try again in a minute; if that does not help, sign in again.',
    de: 'Ihr Identity-Provider bestätigt Ihre Sitzung zurzeit nicht. Versuchen Sie es in einer Minute erneut; hilft das nicht, melden Sie sich neu an.',
  },
  cross_site_request: {
    en: 'The server does not accept changes from this address. Open the console by its usual address.',
    de: 'Der Server nimmt von dieser Adresse keine Änderungen an. Öffnen Sie die Konsole unter ihrer üblichen Adresse.',
    saysMore: true,
  },
  session_of_another_user: {
    en: 'Somebody else has signed in in this browser. Nothing was changed; reload the page.',
    de: 'In diesem Browser hat sich jemand anders angemeldet. Es wurde nichts geändert; laden Sie die Seite neu.',
  },
  session_not_found: {
    en: 'This session has ended already.',
    de: 'Diese Sitzung ist schon beendet.',
  },
  session_required: {
    en: 'This needs a signed-in user. Sign in again.',
    de: 'Dafür müssen Sie angemeldet sein. Melden Sie sich erneut an.',
  },
  sso_required: {
    en: 'This organization accepts single sign-on only. Sign in with the account of your company.',
    de: 'Diese Organisation erlaubt nur Single Sign-on. Melden Sie sich mit dem Konto Ihrer Firma an.',
    help: 'connectSingleSignOn',
  },
  sso_disabled: {
    en: 'Single sign-on is not set up here. The operator of this installation can set it up.',
    de: 'Single Sign-on ist hier nicht eingerichtet. Der Betreiber dieser Installation kann es einrichten.',
  },
  context_forbidden: {
    en: 'You have no access to this organization or workspace, or it does not exist any more.',
    de: 'Sie haben keinen Zugriff auf diese Organisation oder diesen Workspace, oder es gibt sie nicht mehr.',
  },
  no_organization: {
    en: 'You are not a member of an organization. Ask an admin of your organization to invite you.',
    de: 'Sie sind kein Mitglied einer Organisation. Bitten Sie einen Admin Ihrer Organisation um eine Einladung.',
  },
  no_workspace: {
    en: 'You are in no workspace of this organization. An admin of the organization can add you to one.',
    de: 'Sie sind in keinem Workspace dieser Organisation. Ein Admin der Organisation kann Sie hinzufügen.',
  },
  org_scoped_key_requires_workspace: {
    en: 'Choose a workspace first.',
    de: 'Wählen Sie zuerst einen Workspace.',
  },
  organization_disabled: {
    en: 'The organization is disabled.',
    de: 'Die Organisation ist deaktiviert.',
  },
  address_not_allowed: {
    en: 'The organization does not accept requests from your network. Its admins decide which networks it accepts.',
    de: 'Die Organisation nimmt keine Anfragen aus Ihrem Netz an. Welche Netze sie annimmt, entscheiden ihre Admins.',
    help: 'allowlist',
  },
  insufficient_user_authentication: {
    en: 'This organization requires a stronger or more recent sign-in. Sign in again, and complete what your identity provider asks for.',
    de: 'Diese Organisation verlangt eine stärkere oder neuere Anmeldung. Melden Sie sich erneut an und tun Sie, worum Ihr Identity-Provider Sie bittet.',
    help: 'signInRequirement',
  },
  member_disabled: {
    en: 'Your membership in this organization is disabled. An admin of the organization can enable it.',
    de: 'Ihre Mitgliedschaft in dieser Organisation ist deaktiviert. Ein Admin der Organisation kann sie aktivieren.',
  },
  permission_missing: {
    en: 'You may not do this. An admin of the organization can.',
    de: 'Das dürfen Sie nicht. Ein Admin der Organisation darf es.',
    saysMore: true,
  },
  route_not_found: {
    en: 'The server does not know this request. Reload the page: the console may have been updated.',
    de: 'Der Server kennt diese Anfrage nicht. Laden Sie die Seite neu: Die Konsole wurde vielleicht aktualisiert.',
  },
  method_not_allowed: {
    en: 'The server does not know this request. Reload the page: the console may have been updated.',
    de: 'Der Server kennt diese Anfrage nicht. Laden Sie die Seite neu: Die Konsole wurde vielleicht aktualisiert.',
  },
  request_timeout: {
    en: 'The request took too long to arrive. Check your connection and try again.',
    de: 'Die Anfrage kam nicht rechtzeitig an. Prüfen Sie Ihre Verbindung und versuchen Sie es erneut.',
  },
  concurrent_change: {
    en: 'Somebody else has changed this at the same moment. Reload the page and try again.',
    de: 'Jemand anders hat das im selben Moment geändert. Laden Sie die Seite neu und versuchen Sie es erneut.',
  },
  rights_changed: {
    en: 'Your rights were changed at this moment. Reload the page.',
    de: 'Ihre Rechte wurden in diesem Moment geändert. Laden Sie die Seite neu.',
  },
  body_too_large: {
    en: 'This is too much for one request. Send it in smaller parts.',
    de: 'Das ist zu viel für eine Anfrage. Senden Sie es in kleineren Teilen.',
  },
  unsupported_media_type: {
    en: 'The server could not read the request. Reload the page and try again.',
    de: 'Der Server konnte die Anfrage nicht lesen. Laden Sie die Seite neu und versuchen Sie es erneut.',
  },
  headers_too_large: {
    en: 'The server could not read the request. Delete the cookies of this site and sign in again.',
    de: 'Der Server konnte die Anfrage nicht lesen. Löschen Sie die Cookies dieser Seite und melden Sie sich neu an.',
  },
  validation_failed: {
    en: 'The server does not accept some of these values.',
    de: 'Der Server nimmt einige dieser Angaben nicht an.',
  },
  invalid_cursor: {
    en: 'This place in the events does not exist. Start again from the first page.',
    de: 'Diese Stelle in den Ereignissen gibt es nicht. Beginnen Sie wieder auf der ersten Seite.',
  },
  cursor_gone: {
    en: 'The database was restored to an earlier state, so this place in the events is gone. Reload the page.',
    de: 'Die Datenbank wurde auf einen früheren Stand zurückgesetzt, deshalb gibt es diese Stelle in den Ereignissen nicht mehr. Laden Sie die Seite neu.',
  },
  log_stream_headers_needed: {
    en: 'The address leads to another server. Enter the headers again, or remove them.',
    de: 'Die Adresse führt zu einem anderen Server. Geben Sie die Header erneut ein, oder entfernen Sie sie.',
  },
  log_stream_not_found: {
    en: 'There is no such log stream any more. Reload the page.',
    de: 'Diesen Log-Stream gibt es nicht mehr. Laden Sie die Seite neu.',
  },
  no_connection_for_test: {
    en: 'Too many requests are being sent to this receiver at the moment. Try again in a few seconds.',
    de: 'Zurzeit werden zu viele Anfragen an diesen Empfänger gesendet. Versuchen Sie es in einigen Sekunden erneut.',
  },
  only_admins_manage_log_streams: {
    en: 'Only an admin of the organization can manage log streams.',
    de: 'Nur ein Admin der Organisation kann Log-Streams verwalten.',
  },
  too_many_log_streams: {
    en: 'An organization has at most 5 log streams. Delete one first.',
    de: 'Eine Organisation hat höchstens 5 Log-Streams. Löschen Sie zuerst einen.',
  },
  too_many_waiting_requests: {
    en: 'Too many pages wait for events. Close one of them, then try again.',
    de: 'Zu viele Seiten warten auf Ereignisse. Schließen Sie eine davon und versuchen Sie es dann erneut.',
  },
  events_removed: {
    en: 'These events are no longer kept. Start again from the first page.',
    de: 'Diese Ereignisse werden nicht mehr aufbewahrt. Beginnen Sie wieder auf der ersten Seite.',
  },
  unusable_idempotency_key: {
    en: 'The server could not read the request. Reload the page and try again.',
    de: 'Der Server konnte die Anfrage nicht lesen. Laden Sie die Seite neu und versuchen Sie es erneut.',
  },
  idempotency_key_reused: {
    en: 'The request was sent before with other contents. Reload the page and try again.',
    de: 'Die Anfrage wurde schon mit anderem Inhalt gesendet. Laden Sie die Seite neu und versuchen Sie es erneut.',
  },
  too_many_requests: {
    en: 'Too many attempts. Wait a minute, then try again.',
    de: 'Zu viele Versuche. Warten Sie eine Minute und versuchen Sie es dann erneut.',
  },
  too_many_large_lists: {
    en: 'The server is already sending several long lists. Try again in a moment.',
    de: 'Der Server sendet gerade schon mehrere lange Listen. Versuchen Sie es gleich erneut.',
  },
  internal_error: {
    en: 'An unexpected error occurred in the server. Try again; if it happens again, tell the operator of this installation.',
    de: 'Im Server ist ein unerwarteter Fehler aufgetreten. Versuchen Sie es erneut; tritt er wieder auf, informieren Sie den Betreiber dieser Installation.',
  },
  database_unavailable: {
    en: 'The database does not answer at the moment. Try again in a minute.',
    de: 'Die Datenbank antwortet zurzeit nicht. Versuchen Sie es in einer Minute erneut.',
  },
  not_ready: {
    en: 'The server is not ready at the moment. Try again in a minute.',
    de: 'Der Server ist zurzeit nicht bereit. Versuchen Sie es in einer Minute erneut.',
  },
} satisfies ProblemTexts;
