import { looksLikeScimToken, parseApiKey } from '../common/secrets/credential-formats.js';
import { InvalidVariable } from './environment.errors.js';
import type { Parser } from './parsers.js';

export const WORKSPACE_ROLES = ['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const;
export const ORG_ROLES = [
  'ORGANIZATION_ADMIN',
  'ORGANIZATION_OPERATOR',
  'ORGANIZATION_USER',
  'ORGANIZATION_VIEWER',
] as const;

/** Settings of the organization, as `PATCH /api/v1/orgs/current/info` names them. */
export const ORG_SETTINGS = [
  'invites_enabled',
  'jit_provisioning_enabled',
  'pat_creation_disabled',
  'workspace_admin_can_invite_to_org',
] as const;

export type OrgSetting = (typeof ORG_SETTINGS)[number];
type WorkspaceRole = (typeof WORKSPACE_ROLES)[number];

/**
 * What the operator wants the default organization to have; kind and name identify an item
 * (docs/contract/installation.md#bootstrap).
 */
export type BootstrapItem =
  | { readonly kind: 'setting'; readonly name: OrgSetting; readonly value: boolean }
  | { readonly kind: 'workspace'; readonly name: string; readonly handle: string | null }
  | {
      readonly kind: 'service_key';
      readonly name: string;
      readonly secret: string;
      /** Names; empty: the whole organization, with a role there. */
      readonly workspaces: readonly string[];
      readonly workspaceRole: WorkspaceRole;
      readonly orgRole: (typeof ORG_ROLES)[number] | null;
    }
  | { readonly kind: 'scim_token'; readonly name: string; readonly secret: string }
  | {
      readonly kind: 'sso_settings';
      readonly name: 'sso_settings';
      /** Names; at least one. */
      readonly workspaces: readonly string[];
      readonly workspaceRole: WorkspaceRole;
      readonly groupsEnabled: boolean;
      readonly groupsClaim: string;
    };

export type BootstrapItemOf<Kind extends BootstrapItem['kind']> = Extract<BootstrapItem, { kind: Kind }>;

/** Of the 32 digits of a key, or the 43 characters of a token; random ones have more, nearly always. */
const MIN_DIFFERENT_CHARACTERS = 8;

const isVaried = (secret: string, prefix: string, length: number): boolean =>
  new Set(secret.slice(prefix.length, prefix.length + length)).size >= MIN_DIFFERENT_CHARACTERS;

/** The value of a service key that the operator has generated. */
export const serviceKeySecret: Parser<string> = (text) => {
  if (parseApiKey(text)?.kind !== 'service' || !isVaried(text, 'lsv2_sk_', 32)) {
    throw new InvalidVariable(
      'must be a service key: lsv2_sk_, 32 random hex digits, _ and its checksum (docs/operations.md#bootstrap)',
    );
  }
  return text;
};

/** The value of a SCIM token that the operator has generated. */
export const scimTokenSecret: Parser<string> = (text) => {
  if (!looksLikeScimToken(text) || !isVaried(text, 'lsv2_scim_', 43)) {
    throw new InvalidVariable(
      'must be a SCIM token: lsv2_scim_ and 43 random base64url characters (docs/operations.md#bootstrap)',
    );
  }
  return text;
};
