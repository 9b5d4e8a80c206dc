import type { Schemas } from '../api/client';

/** A key, token, application, webhook or log stream as the dialogs list it. */
export type Credential = {
  readonly kind: Schemas['Credential']['kind'] | 'webhook' | 'log_stream';
  readonly id: string;
  readonly description: string;
  readonly start: string;
  readonly createdBy: string | null | undefined;
  readonly createdWith: string | null;
  readonly created_at?: string | null;
  readonly last_used_at?: string | null;
  readonly expires_at?: string | null;
};

/** The member who created credentials, or the credential with which they were created. */
export type Creator = { readonly userId: string } | { readonly credentialId: string };

export const toCredential = (
  kind: Credential['kind'],
  row: Schemas['APIKeyGetResponse'] | Schemas['scim.ScimTokenResponse'],
): Credential => ({
  kind,
  id: row.id ?? '',
  description: row.description ?? '',
  start: ('short_key' in row ? row.short_key : row.short_token) ?? '',
  createdBy: row.created_by_ls_user_id,
  createdWith: row.created_with?.id ?? null,
  created_at: row.created_at ?? null,
  last_used_at: row.last_used_at ?? null,
  expires_at: row.expires_at ?? null,
});

/** It belongs to the user for whom it acts. */
export const toApplication = (row: Schemas['Credential']): Credential => ({
  ...row,
  start: row.short_key,
  createdBy: row.owner?.ls_user_id,
  createdWith: null,
});

/** A receiver has no secret of which the beginning would be known. */
export const toReceiver = (
  kind: 'webhook' | 'log_stream',
  row: Schemas['Webhook'] | Schemas['LogStream'],
): Credential => ({
  kind,
  id: row.id,
  description: row.description,
  start: row.url,
  createdBy: row.created_by_ls_user_id,
  createdWith: row.created_with?.id ?? null,
});

/** What the member created, directly or with keys; or what was created with the credential, and with that, and so on. */
export function createdBy(creator: Creator, all: readonly Credential[]): Credential[] {
  if ('userId' in creator) return all.filter(({ createdBy: userId }) => userId === creator.userId);
  const makers = new Set([creator.credentialId]);
  for (let before = 0; before < makers.size;) {
    before = makers.size;
    for (const { id, createdWith } of all) if (createdWith && makers.has(createdWith)) makers.add(id);
  }
  return all.filter(
    ({ id, createdWith }) => createdWith && makers.has(createdWith) && id !== creator.credentialId,
  );
}
