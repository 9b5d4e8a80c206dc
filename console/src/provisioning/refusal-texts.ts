import type { PageTexts } from '../texts/texts';

type RefusalText = readonly [problem: string, remedy: string];

const OPERATOR_TOKEN = [
  'The token was created by an Organization Operator and cannot give or take that much.',
  'Create a token as an Organization Admin and enter it at the identity provider.',
] as const;

/** Why a change over SCIM was refused, by error code (docs/errors.md). */
const en = {
  email_already_in_use: [
    'Another account has this e-mail address.',
    'Correct the address at the identity provider, or remove the other account here.',
  ],
  login_already_in_use: [
    'The external ID is the login of another account.',
    'Check which attribute of the identity provider is mapped to externalId: it has to differ for each person.',
  ],
  scim_circular_reference: [
    'The operations of a bulk request refer to each other in a circle.',
    'This is an error of the identity provider.',
  ],
  scim_invalid_filter: [
    'The identity provider searched with a filter that is not supported.',
    'Choose another matching attribute there, such as userName.',
  ],
  scim_invalid_count: [
    'The identity provider asked for a page with less than one entry.',
    'Correct the page size there.',
  ],
  scim_invalid_cursor: [
    'The identity provider continued a list that it did not begin with this filter and order.',
    'Start the synchronization there again.',
  ],
  scim_invalid_path: [
    'The identity provider wrote an attribute that does not exist here.',
    'Remove it from the attribute mapping there.',
  ],
  scim_invalid_syntax: [
    'The request does not follow SCIM.',
    'Check the attribute mapping at the identity provider.',
  ],
  scim_invalid_value: [
    'A value is missing or not valid, for example the e-mail address.',
    'Correct it at the identity provider. Its provisioning log names the attribute.',
  ],
  scim_mutability: [
    'The identity provider tried to change or remove an attribute that cannot be changed or has to stay.',
    'Correct the attribute mapping there.',
  ],
  scim_no_target: [
    'The value that should be changed does not exist.',
    'Let the identity provider synchronize the person or the group again from the start.',
  ],
  scim_not_supported: [
    'The identity provider used a part of SCIM that is not supported.',
    'Turn it off there.',
  ],
  scim_resource_not_found: [
    'The person or the group does not exist here any more.',
    'Let the identity provider synchronize it again from the start.',
  ],
  scim_too_many: [
    'The request contained too many operations or values.',
    'Lower the size of its requests at the identity provider.',
  ],
  scim_uniqueness: [
    'Another person or group has the same name, address or external ID.',
    'Find both in the list above, and correct or remove one at the identity provider.',
  ],
  scim_version_mismatch: [
    'The record was changed meanwhile.',
    'The identity provider reads it again and repeats the change.',
  ],
  token_may_not_give_workspace_role: OPERATOR_TOKEN,
  token_may_not_manage_admins: OPERATOR_TOKEN,
  token_may_not_reassign_account: OPERATOR_TOKEN,
  token_may_not_touch_invitation: OPERATOR_TOKEN,
  token_may_not_write_group: OPERATOR_TOKEN,
} satisfies Readonly<Record<string, RefusalText>>;

const TOKEN_EINES_OPERATORS = [
  'Das Token hat ein Organization Operator erstellt; es darf nicht so viel geben oder nehmen.',
  'Erstellen Sie als Organization Admin ein Token, und tragen Sie es beim Identity-Provider ein.',
] as const;

const de: Readonly<Record<keyof typeof en, RefusalText>> = {
  email_already_in_use: [
    'Ein anderes Konto hat diese E-Mail-Adresse.',
    'Berichtigen Sie die Adresse beim Identity-Provider, oder entfernen Sie hier das andere Konto.',
  ],
  login_already_in_use: [
    'Die externe ID ist der Login eines anderen Kontos.',
    'Prüfen Sie, welches Attribut des Identity-Providers auf externalId abgebildet wird: Es muss für jede Person anders sein.',
  ],
  scim_circular_reference: [
    'Die Vorgänge einer Sammelanfrage verweisen im Kreis aufeinander.',
    'Das ist ein Fehler des Identity-Providers.',
  ],
  scim_invalid_filter: [
    'Der Identity-Provider hat mit einem Filter gesucht, der nicht unterstützt wird.',
    'Wählen Sie dort ein anderes Attribut zum Abgleich, etwa userName.',
  ],
  scim_invalid_count: [
    'Der Identity-Provider hat eine Seite mit weniger als einem Eintrag angefordert.',
    'Berichtigen Sie dort die Seitengröße.',
  ],
  scim_invalid_cursor: [
    'Der Identity-Provider hat eine Liste fortgesetzt, die er nicht mit diesem Filter und dieser Sortierung begonnen hat.',
    'Starten Sie dort die Synchronisierung neu.',
  ],
  scim_invalid_path: [
    'Der Identity-Provider hat ein Attribut geschrieben, das es hier nicht gibt.',
    'Entfernen Sie es dort aus der Attributzuordnung.',
  ],
  scim_invalid_syntax: [
    'Die Anfrage entspricht nicht SCIM.',
    'Prüfen Sie die Attributzuordnung beim Identity-Provider.',
  ],
  scim_invalid_value: [
    'Ein Wert fehlt oder ist ungültig, zum Beispiel die E-Mail-Adresse.',
    'Berichtigen Sie ihn beim Identity-Provider. Dessen Protokoll nennt das Attribut.',
  ],
  scim_mutability: [
    'Der Identity-Provider wollte ein Attribut ändern oder entfernen, das fest ist oder bleiben muss.',
    'Berichtigen Sie dort die Attributzuordnung.',
  ],
  scim_no_target: [
    'Den Wert, der geändert werden sollte, gibt es nicht.',
    'Lassen Sie den Identity-Provider die Person oder Gruppe von Grund auf neu synchronisieren.',
  ],
  scim_not_supported: [
    'Der Identity-Provider hat einen Teil von SCIM verwendet, der nicht unterstützt wird.',
    'Schalten Sie ihn dort aus.',
  ],
  scim_resource_not_found: [
    'Die Person oder Gruppe gibt es hier nicht mehr.',
    'Lassen Sie den Identity-Provider sie von Grund auf neu synchronisieren.',
  ],
  scim_too_many: [
    'Die Anfrage enthielt zu viele Vorgänge oder Werte.',
    'Verkleinern Sie die Anfragen beim Identity-Provider.',
  ],
  scim_uniqueness: [
    'Eine andere Person oder Gruppe hat denselben Namen, dieselbe Adresse oder dieselbe externe ID.',
    'Suchen Sie beide in der Liste oben, und berichtigen oder entfernen Sie eine beim Identity-Provider.',
  ],
  scim_version_mismatch: [
    'Der Eintrag wurde inzwischen geändert.',
    'Der Identity-Provider liest ihn erneut und wiederholt die Änderung.',
  ],
  token_may_not_give_workspace_role: TOKEN_EINES_OPERATORS,
  token_may_not_manage_admins: TOKEN_EINES_OPERATORS,
  token_may_not_reassign_account: TOKEN_EINES_OPERATORS,
  token_may_not_touch_invitation: TOKEN_EINES_OPERATORS,
  token_may_not_write_group: TOKEN_EINES_OPERATORS,
};

/** A code of another part of the product has none. */
export const refusalTexts: PageTexts<Readonly<Record<string, RefusalText | undefined>>> = { en, de };
