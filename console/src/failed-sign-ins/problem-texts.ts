import type { paths } from '@tenantry/client';
import type { PageTexts } from '../texts/texts';

/** What is wrong, and what to do about it. */
type ProblemText = readonly [problem: string, remedy: string];

type Refusals = paths['/api/v1/oauth/custom-oidc/callback']['get']['responses'];
/** Every code with which a sign-in can fail. */
type SignInCode = NonNullable<Refusals[400 | 401 | 403 | 409 | 502]['headers']['X-Error-Code']>;
type ProblemTexts = Readonly<Record<SignInCode, ProblemText>>;

const OPERATOR = 'Tell the operator of this installation';

const en: ProblemTexts = {
  access_ended: [
    'The person had access until a date that has passed.',
    'Invite the person again, with another end or without one.',
  ],
  account_created_concurrently: [
    'An account for the same address was created at the same moment.',
    'Signing in again works.',
  ],
  account_has_another_login: [
    'The account with this e-mail address belongs to another login at the identity provider.',
    'The person signs in with the other login. If it no longer exists, the operator of this installation links the new one.',
  ],
  authentication_methods_missing: [
    'The organization requires more sign-in methods than the identity provider reported.',
    'The person uses the other methods, too, such as a second factor. If they did, let the provider send the claim “amr”.',
  ],
  authentication_too_old: [
    'The organization requires a more recent sign-in at the identity provider, or the provider did not say when it was.',
    'The person signs in again. If it happens every time, let the provider send the claim “auth_time”.',
  ],
  authentication_too_weak: [
    'The organization requires a stronger sign-in than the identity provider reported.',
    'Let the provider ask the person for more, and send it as the claim “acr”. A test shows what it sends.',
  ],
  authorization_code_rejected: [
    'The identity provider did not accept the code of this sign-in: it was too old, or used already.',
    'Start again. If it happens every time, compare the clocks of both servers.',
  ],
  authorization_denied: [
    'The identity provider did not let the person in, or the sign-in was cancelled there.',
    'Assign the person to this application at the identity provider. Its log says more.',
  ],
  client_authentication_rejected: [
    'The identity provider does not accept the client secret or key of this installation.',
    `${OPERATOR}: the secret is wrong or has expired, or the provider expects another method.`,
  ],
  client_request_rejected: [
    'The identity provider does not accept the request of this installation.',
    'Compare the redirect address and the scopes at the identity provider with those on this page.',
  ],
  concurrent_change: ['Something else was changed at the same moment.', 'Signing in again works.'],
  default_org_disabled: ['The default organization is disabled.', `${OPERATOR}.`],
  default_org_moved: [
    'Another organization became the default organization at the same moment.',
    'Signing in again works.',
  ],
  email_already_in_use: [
    'The new e-mail address belongs to another account.',
    'Correct the address at the identity provider.',
  ],
  email_claim_missing: [
    'The identity provider sent no e-mail address that can be used here.',
    'Let it release the claim “email” to this application.',
  ],
  email_domain_not_allowed: [
    'Only e-mail addresses of certain domains may sign in, and this one is of another.',
    'The person signs in with an address of your organization, or the operator of this installation allows the domain.',
  ],
  email_not_verified: [
    'The identity provider says that the e-mail address is not verified.',
    'Have the address verified at the identity provider.',
  ],
  email_verification_unknown: [
    'The identity provider does not say whether the e-mail address is verified.',
    'Let it send the claim “email_verified”. If people cannot choose their address there, the operator of this installation can trust its addresses.',
  ],
  groups_not_sent: [
    'A group is required, and the identity provider did not send the groups, probably because there are too many.',
    'Let it send only the groups that are assigned to this application.',
  ],
  interaction_required: [
    'The identity provider requires another step, such as multi-factor authentication.',
    'Start again, and complete the step there.',
  ],
  invalid_id_token: [
    'The ID token of the identity provider is not valid.',
    `${OPERATOR}: the log of the server says which check failed.`,
  ],
  invalid_login_state: [
    'The sign-in was started in another browser, was complete already, or took longer than ten minutes.',
    'Start again.',
  ],
  invalid_provider_response: [
    'A response of the identity provider does not follow the OAuth 2.0 standard.',
    'Its administrators can fix that: a test, and the log of the server, say which part is wrong.',
  ],
  login_already_in_use: ['The login belongs to another account.', `${OPERATOR}.`],
  membership_disabled: [
    'The membership is disabled.',
    'Restore it: at the identity provider if it manages this person, else in the list of members.',
  ],
  no_access_granted: [
    'Nothing gives the person access: there is no invitation, and people may not join at their first sign-in.',
    'Invite the person, or let people join at their first sign-in.',
  ],
  no_free_seat: [
    'All seats of the organization are taken.',
    'Remove somebody or revoke an invitation, or ask the operator of this installation for more seats.',
  ],
  provider_temporarily_unavailable: [
    'The identity provider says that it is temporarily unavailable.',
    'Try again in a minute.',
  ],
  provider_unavailable: [
    'The server does not reach the identity provider, or cannot use its answer.',
    `Try again in a minute. If it persists: ${OPERATOR.toLowerCase()}.`,
  ],
  required_group_missing: [
    'A group is required, and none of the person’s groups gives a role here.',
    'Add the person to such a group at the identity provider, or require no group.',
  ],
  scim_subject_mismatch: [
    'The account was provisioned with another external ID than the one of this sign-in.',
    'Let the identity provider send its user id of the sign-in as externalId.',
  ],
  sign_in_invitation_expired: ['The invitation has expired.', 'Send it again.'],
};

const BETREIBER = 'Wenden Sie sich an den Betreiber dieser Installation';

const de: ProblemTexts = {
  access_ended: [
    'Die Person hatte Zugang bis zu einem Zeitpunkt, der vorbei ist.',
    'Laden Sie die Person erneut ein, mit einem anderen Ende oder ohne Ende.',
  ],
  account_created_concurrently: [
    'Im selben Moment wurde ein Konto mit derselben Adresse angelegt.',
    'Eine erneute Anmeldung gelingt.',
  ],
  account_has_another_login: [
    'Das Konto mit dieser E-Mail-Adresse gehört zu einem anderen Login beim Identity-Provider.',
    'Die Person meldet sich mit dem anderen Login an. Gibt es ihn nicht mehr, verbindet der Betreiber dieser Installation den neuen.',
  ],
  authentication_methods_missing: [
    'Die Organisation verlangt mehr Anmeldeverfahren, als der Identity-Provider gemeldet hat.',
    'Die Person verwendet auch die anderen Verfahren, etwa einen zweiten Faktor. Hat sie das getan, lassen Sie den Provider den Claim „amr“ senden.',
  ],
  authentication_too_old: [
    'Die Organisation verlangt eine neuere Anmeldung beim Identity-Provider, oder dieser hat nicht gesagt, wann sie war.',
    'Die Person meldet sich erneut an. Geschieht es jedes Mal, lassen Sie den Provider den Claim „auth_time“ senden.',
  ],
  authentication_too_weak: [
    'Die Organisation verlangt eine stärkere Anmeldung, als der Identity-Provider gemeldet hat.',
    'Lassen Sie den Provider mehr von der Person verlangen und es als Claim „acr“ senden. Ein Test zeigt, was er sendet.',
  ],
  authorization_code_rejected: [
    'Der Identity-Provider hat den Code dieser Anmeldung nicht angenommen: Er war zu alt oder schon verwendet.',
    'Beginnen Sie von vorn. Geschieht es jedes Mal, vergleichen Sie die Uhren beider Server.',
  ],
  authorization_denied: [
    'Der Identity-Provider hat die Person nicht eingelassen, oder die Anmeldung wurde dort abgebrochen.',
    'Weisen Sie die Person beim Identity-Provider dieser Anwendung zu. Mehr steht in dessen Protokoll.',
  ],
  client_authentication_rejected: [
    'Der Identity-Provider nimmt das Client-Secret oder den Schlüssel dieser Installation nicht an.',
    `${BETREIBER}: Das Secret ist falsch oder abgelaufen, oder der Provider erwartet ein anderes Verfahren.`,
  ],
  client_request_rejected: [
    'Der Identity-Provider nimmt die Anfrage dieser Installation nicht an.',
    'Vergleichen Sie Redirect-Adresse und Scopes beim Identity-Provider mit denen auf dieser Seite.',
  ],
  concurrent_change: ['Im selben Moment wurde etwas anderes geändert.', 'Eine erneute Anmeldung gelingt.'],
  default_org_disabled: ['Die Standardorganisation ist gesperrt.', `${BETREIBER}.`],
  default_org_moved: [
    'Im selben Moment wurde eine andere Organisation zur Standardorganisation.',
    'Eine erneute Anmeldung gelingt.',
  ],
  email_already_in_use: [
    'Die neue E-Mail-Adresse gehört zu einem anderen Konto.',
    'Berichtigen Sie die Adresse beim Identity-Provider.',
  ],
  email_claim_missing: [
    'Der Identity-Provider hat keine E-Mail-Adresse gesendet, die hier verwendet werden kann.',
    'Lassen Sie ihn den Claim „email“ für diese Anwendung freigeben.',
  ],
  email_domain_not_allowed: [
    'Nur E-Mail-Adressen bestimmter Domains dürfen sich anmelden, und diese gehört nicht dazu.',
    'Die Person meldet sich mit einer Adresse Ihrer Organisation an, oder der Betreiber dieser Installation erlaubt die Domain.',
  ],
  email_not_verified: [
    'Der Identity-Provider sagt, dass die E-Mail-Adresse nicht bestätigt ist.',
    'Lassen Sie die Adresse beim Identity-Provider bestätigen.',
  ],
  email_verification_unknown: [
    'Der Identity-Provider sagt nicht, ob die E-Mail-Adresse bestätigt ist.',
    'Lassen Sie ihn den Claim „email_verified“ senden. Können Personen ihre Adresse dort nicht selbst wählen, kann der Betreiber dieser Installation den Adressen vertrauen.',
  ],
  groups_not_sent: [
    'Eine Gruppe ist verlangt, und der Identity-Provider hat die Gruppen nicht gesendet, wahrscheinlich weil es zu viele sind.',
    'Lassen Sie ihn nur die Gruppen senden, die dieser Anwendung zugewiesen sind.',
  ],
  interaction_required: [
    'Der Identity-Provider verlangt einen weiteren Schritt, etwa einen zweiten Faktor.',
    'Beginnen Sie von vorn, und führen Sie dort den Schritt aus.',
  ],
  invalid_id_token: [
    'Das ID-Token des Identity-Providers ist nicht gültig.',
    `${BETREIBER}: Das Protokoll des Servers sagt, welche Prüfung gescheitert ist.`,
  ],
  invalid_login_state: [
    'Die Anmeldung wurde in einem anderen Browser begonnen, war schon abgeschlossen oder dauerte länger als zehn Minuten.',
    'Beginnen Sie von vorn.',
  ],
  invalid_provider_response: [
    'Eine Antwort des Identity-Providers entspricht nicht dem Standard OAuth 2.0.',
    'Seine Administratoren können das beheben: Ein Test und das Protokoll des Servers nennen den falschen Teil.',
  ],
  login_already_in_use: ['Der Login gehört zu einem anderen Konto.', `${BETREIBER}.`],
  membership_disabled: [
    'Die Mitgliedschaft ist gesperrt.',
    'Heben Sie die Sperre auf: beim Identity-Provider, wenn er die Person verwaltet, sonst in der Liste der Mitglieder.',
  ],
  no_access_granted: [
    'Nichts gibt der Person Zugang: Es gibt keine Einladung, und bei der ersten Anmeldung darf niemand beitreten.',
    'Laden Sie die Person ein, oder erlauben Sie den Beitritt bei der ersten Anmeldung.',
  ],
  no_free_seat: [
    'Alle Plätze der Organisation sind belegt.',
    'Entfernen Sie jemanden oder widerrufen Sie eine Einladung, oder bitten Sie den Betreiber dieser Installation um mehr Plätze.',
  ],
  provider_temporarily_unavailable: [
    'Der Identity-Provider meldet, dass er vorübergehend nicht verfügbar ist.',
    'Versuchen Sie es in einer Minute erneut.',
  ],
  provider_unavailable: [
    'Der Server erreicht den Identity-Provider nicht oder kann seine Antwort nicht verwenden.',
    `Versuchen Sie es in einer Minute erneut. ${BETREIBER}, wenn es so bleibt.`,
  ],
  required_group_missing: [
    'Eine Gruppe ist verlangt, und keine der Gruppen dieser Person gibt hier eine Rolle.',
    'Nehmen Sie die Person beim Identity-Provider in eine solche Gruppe auf, oder verlangen Sie keine Gruppe.',
  ],
  scim_subject_mismatch: [
    'Das Konto wurde mit einer anderen externen ID provisioniert als der dieser Anmeldung.',
    'Lassen Sie den Identity-Provider die Benutzer-ID der Anmeldung als externalId senden.',
  ],
  sign_in_invitation_expired: ['Die Einladung ist abgelaufen.', 'Senden Sie sie erneut.'],
};

/** An unknown code has none. */
export const problemTexts: PageTexts<Readonly<Record<string, ProblemText | undefined>>> = { en, de };
