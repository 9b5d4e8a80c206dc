import { type Provenance, sourceOf } from './provenance.js';

/** The columns of both membership tables that say where a membership comes from. */
export const PROVENANCE_COLUMNS =
  'source, created_via, invitation_id, created_by_user_id, created_by_key_id, created_audit_entry_id';

const TYPES = ['text', 'text', 'uuid', 'uuid', 'uuid', 'uuid'];

/** The parameters of those columns, one array each, from `$first` on. */
export const provenanceArrays = (first: number): string =>
  TYPES.map((type, index) => `$${first + index}::${type}[]`).join(', ');

/** Their values. */
export const provenanceValues = (rows: readonly { readonly provenance: Provenance }[]): unknown[][] => [
  rows.map(({ provenance }) => sourceOf(provenance)),
  rows.map(({ provenance }) => provenance.via),
  rows.map(({ provenance }) => provenance.invitationId),
  rows.map(({ provenance }) => provenance.userId),
  rows.map(({ provenance }) => provenance.keyId),
  rows.map(({ provenance }) => provenance.auditEntryId),
];
