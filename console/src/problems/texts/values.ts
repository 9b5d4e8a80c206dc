import type { PageTexts } from '../../texts/texts';

const en = {
  /** Names of the fields that people fill in. Others are not named. */
  fields: {
    email: 'E-mail',
    full_name: 'Name',
    display_name: 'Name',
    name: 'Name',
    description: 'Description',
    password: 'Password',
    expires_at: 'Expiry',
    role_id: 'Role',
    org_role_id: 'Role in the organization',
    workspace_role_id: 'Role in the workspace',
    default_workspace_role_id: 'Role in the workspace',
    workspace_ids: 'Workspaces',
    workspaces: 'Workspaces',
    default_workspace_ids: 'Workspaces',
    idp_group_name: 'Group at the identity provider',
    metadata_url: 'Address of the metadata',
    permissions: 'Permissions',
    cursor: 'Page',
    security_contact: 'Security contact',
    ip_allowlist: 'Networks',
    max_api_key_expiry_days: 'Longest validity of keys',
    max_pat_expiry_days: 'Longest validity of personal access tokens',
    max_service_key_expiry_days: 'Longest validity of service keys',
  },
  /** By the type of the problem. `limit`, `signs`: the number or the characters that its message names; may be empty. */
  types: {
    missing: () => 'required.',
    string_too_short: (limit: string) => (limit ? `at least ${limit} characters.` : 'must not be empty.'),
    string_too_long: (limit: string) => (limit ? `at most ${limit} characters.` : 'too long.'),
    string_pattern_mismatch: (signs: string) =>
      signs
        ? `only letters without accents, digits, spaces and ${signs}`
        : 'has characters that are not allowed here.',
    string_type: () => 'has to be a text.',
    int_type: () => 'has to be a whole number.',
    enum: () => 'is not one of the choices.',
    greater_than_equal: (limit: string) => `at least ${limit}.`,
    less_than_equal: (limit: string) => `at most ${limit}.`,
    too_short: (limit: string) => `at least ${limit} entries.`,
    too_long: (limit: string) => `at most ${limit} entries.`,
    datetime_parsing: () => 'not a date.',
    url_parsing: () => 'not a valid address.',
    url_scheme: () => 'has to begin with https://.',
    not_found: () => 'does not exist any more.',
    conflict: () => 'is in use already.',
    forbidden: () => 'you may not choose this.',
  },
  invalidEmail: 'not a valid e-mail address.',
  invalid: 'not allowed.',
  personForbidden: 'you may not invite this person. An admin of the organization can.',
  roleForbidden: 'you may not give this role. An admin of the organization can.',
};

const de: typeof en = {
  fields: {
    email: 'E-Mail',
    full_name: 'Name',
    display_name: 'Name',
    name: 'Name',
    description: 'Beschreibung',
    password: 'Passwort',
    expires_at: 'Ablauf',
    role_id: 'Rolle',
    org_role_id: 'Rolle in der Organisation',
    workspace_role_id: 'Rolle im Workspace',
    default_workspace_role_id: 'Rolle im Workspace',
    workspace_ids: 'Workspaces',
    workspaces: 'Workspaces',
    default_workspace_ids: 'Workspaces',
    idp_group_name: 'Gruppe beim Identity-Provider',
    metadata_url: 'Adresse der Metadaten',
    permissions: 'Berechtigungen',
    cursor: 'Seite',
    security_contact: 'Sicherheitskontakt',
    ip_allowlist: 'Netze',
    max_api_key_expiry_days: 'Längste Gültigkeit von Schlüsseln',
    max_pat_expiry_days: 'Längste Gültigkeit persönlicher Zugriffstoken',
    max_service_key_expiry_days: 'Längste Gültigkeit von Dienstschlüsseln',
  },
  types: {
    missing: () => 'erforderlich.',
    string_too_short: (limit) => (limit ? `mindestens ${limit} Zeichen.` : 'darf nicht leer sein.'),
    string_too_long: (limit) => (limit ? `höchstens ${limit} Zeichen.` : 'zu lang.'),
    string_pattern_mismatch: (signs) =>
      signs
        ? `nur Buchstaben von a bis z, Ziffern, Leerzeichen und ${signs}`
        : 'enthält Zeichen, die hier nicht erlaubt sind.',
    string_type: () => 'muss ein Text sein.',
    int_type: () => 'muss eine ganze Zahl sein.',
    enum: () => 'gehört nicht zur Auswahl.',
    greater_than_equal: (limit) => `mindestens ${limit}.`,
    less_than_equal: (limit) => `höchstens ${limit}.`,
    too_short: (limit) => `mindestens ${limit} Einträge.`,
    too_long: (limit) => `höchstens ${limit} Einträge.`,
    datetime_parsing: () => 'kein Datum.',
    url_parsing: () => 'keine gültige Adresse.',
    url_scheme: () => 'muss mit https:// beginnen.',
    not_found: () => 'gibt es nicht mehr.',
    conflict: () => 'wird schon verwendet.',
    forbidden: () => 'das dürfen Sie nicht wählen.',
  },
  invalidEmail: 'keine gültige E-Mail-Adresse.',
  invalid: 'nicht erlaubt.',
  personForbidden: 'diese Person dürfen Sie nicht einladen. Ein Admin der Organisation darf es.',
  roleForbidden: 'diese Rolle dürfen Sie nicht vergeben. Ein Admin der Organisation darf es.',
};

export type ValueTexts = typeof en;
export const valueTexts: PageTexts<ValueTexts> = { en, de };
