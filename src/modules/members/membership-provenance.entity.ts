import { Column, ForeignKey, Index } from 'typeorm';
import type { CreatedVia } from './provenance.js';

export const SOURCE_CHECK = `"source" IN ('manual', 'invitation', 'jit', 'sso_group', 'scim', 'bootstrap')`;

export const CREATED_VIA_CHECK = `"created_via" IN ('invitation', 'direct_add', 'organization_creation',
  'workspace_creation', 'jit', 'sso_group', 'scim_user', 'scim_group', 'bootstrap', 'operator', 'unknown')`;

export const INVITATION_CHECK = `"invitation_id" IS NULL OR "created_via" = 'invitation'`;

/**
 * Where a membership comes from, and its latest manual change of role. Statements write these columns and the module
 * `directory` reads them; they are not loaded with the entity. Ids of users, keys and audit entries have no foreign
 * key, since they outlive what they name (docs/decisions/0055).
 */
export abstract class MembershipProvenance {
  /** Unknown for memberships that are older than this column. */
  @Column('text', { select: false, default: 'unknown' }) protected readonly createdVia:
    CreatedVia | 'unknown';
  @ForeignKey('Invitation', { onDelete: 'SET NULL' })
  @Index({ where: '"invitation_id" IS NOT NULL' })
  @Column('uuid', { select: false, nullable: true })
  protected readonly invitationId: string | null;
  /** Who invited or added the user; null if a rule or a service key did. */
  @Column('uuid', { select: false, nullable: true }) protected readonly createdByUserId: string | null;
  /** The API key or SCIM token that added the user. */
  @Column('uuid', { select: false, nullable: true }) protected readonly createdByKeyId: string | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly createdAuditEntryId: string | null;
  @Column('timestamptz', { select: false, nullable: true }) protected readonly roleChangedAt: Date | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly roleChangedByUserId: string | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly roleChangedByKeyId: string | null;
  @Column('uuid', { select: false, nullable: true }) protected readonly roleChangedAuditEntryId:
    string | null;
  /** Copies from the user, for the orders of lists; triggers write them. */
  @Column('text', { select: false, default: '' }) protected readonly userEmail: string;
  @Column('text', { select: false, nullable: true })
  protected readonly userFullName: string | null;
}
