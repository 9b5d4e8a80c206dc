import type { ProblemTexts } from './by-code';

/** Signing in with a password, choosing one, and confirming an address. */
export const passwordProblems = {
  invalid_login: {
    en: 'The e-mail address or the password is wrong.',
    de: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
  },
  password_login_disabled: {
    en: 'Passwords are not used here any more. Sign in with the account of your company.',
    de: 'Hier werden keine Passwörter mehr verwendet. Melden Sie sich mit dem Konto Ihrer Firma an.',
  },
  password_hashing_busy: {
    en: 'Too many passwords are being checked at the moment. Try again in a minute.',
    de: 'Zurzeit werden zu viele Passwörter geprüft. Versuchen Sie es in einer Minute erneut.',
  },
  password_hashing_overloaded: {
    en: 'Too many passwords are being checked at the moment. Try again in a minute.',
    de: 'Zurzeit werden zu viele Passwörter geprüft. Versuchen Sie es in einer Minute erneut.',
  },
  password_link_expired: {
    en: 'The link has expired: it works for 24 hours.',
    de: 'Der Link ist abgelaufen: Er funktioniert 24 Stunden lang.',
    help: 'passwordLinks',
  },
  password_link_used: {
    en: 'The link has been used already. Sign in with the password that was set with it.',
    de: 'Der Link wurde bereits verwendet. Melden Sie sich mit dem Passwort an, das damit festgelegt wurde.',
    help: 'passwordLinks',
  },
  password_link_not_found: {
    en: 'The link is not valid, or not valid any more: a newer one has replaced it, or the password has been changed since.',
    de: 'Der Link ist nicht oder nicht mehr gültig: Ein neuerer hat ihn ersetzt, oder das Passwort wurde seither geändert.',
    help: 'passwordLinks',
  },
  password_links_are_mailed: {
    en: 'This installation sends such links by mail: send the invitation again, or let them ask for a new password on the sign-in page.',
    de: 'Diese Installation sendet solche Links per E-Mail: Senden Sie die Einladung erneut, oder lassen Sie die Person auf der Anmeldeseite ein neues Passwort anfordern.',
  },
  member_is_disabled: {
    en: 'They are disabled in this organization, so a password would not give them access.',
    de: 'Die Person ist in dieser Organisation deaktiviert; ein Passwort gäbe ihr keinen Zugang.',
  },
  invited_account_has_password: {
    en: 'There is an account with this address already. Sign in with it to accept the invitation.',
    de: 'Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich damit an, um die Einladung anzunehmen.',
  },
  account_is_shared: {
    en: 'They belong to other organizations too, so only they can change their password and name.',
    de: 'Die Person gehört auch zu anderen Organisationen, daher kann nur sie selbst Passwort und Namen ändern.',
  },
  only_admins_change_admin_accounts: {
    en: 'You may change the accounts of users and viewers of the organization only. An admin of the organization can change this one.',
    de: 'Sie dürfen nur Konten von Organization Users und Organization Viewers ändern. Ein Admin der Organisation darf dieses ändern.',
  },
  only_admins_choose_passwords: {
    en: 'Only an admin of the organization can choose a password for somebody else.',
    de: 'Nur ein Admin der Organisation kann für jemand anderen ein Passwort wählen.',
  },
  password_needs_session: {
    en: 'Sign in to choose a password for somebody else.',
    de: 'Melden Sie sich an, um für jemand anderen ein Passwort zu wählen.',
  },
  password_is_the_owners: {
    en: 'They have chosen this password themselves, so only they can change it. The operator of this installation can reset it.',
    de: 'Die Person hat dieses Passwort selbst gewählt, daher kann nur sie es ändern. Der Betreiber dieser Installation kann es zurücksetzen.',
    saysMore: true,
  },
  promotion_needs_new_password: {
    en: 'It is not known who chose their password. Before they become admin, they need a new one.',
    de: 'Es ist nicht bekannt, wer das Passwort gewählt hat. Bevor die Person Admin wird, braucht sie ein neues.',
    saysMore: true,
  },
  password_of_unknown_origin: {
    en: 'It is not known who chose your password, so you cannot become an admin with it. Ask to be invited as Organization User, and to be promoted once you have changed your password.',
    de: 'Es ist nicht bekannt, wer Ihr Passwort gewählt hat, daher können Sie damit nicht Admin werden. Bitten Sie um eine Einladung als Organization User und um die andere Rolle, sobald Sie Ihr Passwort geändert haben.',
  },
  email_not_confirmed: {
    en: 'Your e-mail address is not confirmed, so you cannot join yet. Confirm it, or ask the administrators of your identity provider to verify it there.',
    de: 'Ihre E-Mail-Adresse ist nicht bestätigt, daher können Sie noch nicht beitreten. Bestätigen Sie sie, oder bitten Sie die Administratoren Ihres Identity-Providers, sie dort zu verifizieren.',
  },
  email_of_another_user: {
    en: 'You can confirm your own e-mail address only.',
    de: 'Sie können nur Ihre eigene E-Mail-Adresse bestätigen.',
    help: 'email',
  },
  confirmation_not_found: {
    en: 'This link is not valid, or not valid any more. Request a new one.',
    de: 'Dieser Link ist nicht oder nicht mehr gültig. Fordern Sie einen neuen an.',
  },
  confirmation_expired: {
    en: 'This link has expired. Request a new one.',
    de: 'Dieser Link ist abgelaufen. Fordern Sie einen neuen an.',
  },
  provider_not_found: {
    en: 'None of your organizations uses this identity provider.',
    de: 'Keine Ihrer Organisationen verwendet diesen Identity-Provider.',
  },
  mail_server_not_configured: {
    en: 'This installation sends no mails. Ask an admin of your organization.',
    de: 'Diese Installation versendet keine E-Mails. Fragen Sie einen Admin Ihrer Organisation.',
  },
  mail_not_accepted: {
    en: 'The mail could not be sent. Try again later, or ask the operator of this installation.',
    de: 'Die E-Mail konnte nicht gesendet werden. Versuchen Sie es später erneut, oder fragen Sie den Betreiber dieser Installation.',
  },
} satisfies ProblemTexts;
