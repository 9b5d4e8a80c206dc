import { Column, Entity, Generated, Index, PrimaryColumn, Unique } from 'typeorm';
import type { AuditOperation } from '../../../common/http/operations/audit-operations.js';

/** The reason for the outcome: fixed texts, numbers and ids, never values from the request. */
export type AuditDetails = {
  readonly [name: string]: string | number | boolean | null | readonly string[] | AuditDetails;
};

/**
 * The name of the request's id in `details`. Not a column: a replica of the previous release, which does not know the
 * column, would seal new entries without it (docs/decisions/0066-one-id-per-request.md).
 */
export const REQUEST_ID = 'request_id';
/** The same for the owner of the resource. */
export const RESOURCE_OWNER = 'resource_owner_ls_user_id';

/**
 * One row per change, per refused request and per read of the audit log. Ids and facts only: no names, e-mails or
 * secrets; names are in `AuditName`.
 */
@Entity('audit_entries')
@Index('audit_entries_by_org', ['orgId', 'createdAt', 'id'])
@Index('audit_entries_by_operation', ['orgId', 'operation', 'createdAt', 'id'])
@Index('audit_entries_by_user', ['orgId', 'userId', 'createdAt', 'id'])
@Index('audit_entries_by_address', ['orgId', 'clientHost', 'createdAt', 'id'])
@Index('audit_entries_by_workspace', ['workspaceId', 'createdAt', 'id'], {
  where: `"workspace_id" IS NOT NULL`,
})
@Index('audit_entries_by_key', ['credentialId', 'createdAt', 'id'], {
  where: `"credential_kind" <> 'session'`,
})
@Index('audit_entries_by_resource', { synchronize: false })
@Index('audit_entries_of_memberships', { synchronize: false })
@Index('audit_entries_by_chain', ['orgId', 'position'])
@Unique('audit_entries_position_key', ['position'])
export class AuditEntry {
  @PrimaryColumn('uuid') id: string;
  /** The order of writing among all entries; a bigint, so a string of digits. */
  @Generated('increment') @Column('bigint') position: string;
  /** Time of writing by the database's clock; the entry becomes visible at commit. */
  @Column({ type: 'timestamptz', precision: 3, default: () => 'clock_timestamp()' }) createdAt: Date;
  /** No foreign key: the entry outlives its organization and workspace. */
  @Column('uuid', { nullable: true }) orgId: string | null;
  @Column('uuid', { nullable: true }) workspaceId: string | null;
  @Column('text') operation: AuditOperation;
  @Column('boolean') succeeded: boolean;
  @Column('uuid', { nullable: true }) userId: string | null;
  @Column('text', { nullable: true }) credentialKind: string | null;
  @Column('uuid', { nullable: true }) credentialId: string | null;
  @Column('uuid', { array: true }) resourceIds: string[];
  @Column('text', { nullable: true }) requestMethod: string | null;
  @Column('text', { nullable: true }) requestPath: string | null;
  @Column('inet', { nullable: true }) clientHost: string | null;
  @Column('integer', { nullable: true }) clientPort: number | null;
  @Column('text', { nullable: true }) forwardedFor: string | null;
  /** Null for actions without a request, and for successful ones of version 0.1. */
  @Column('integer', { nullable: true }) responseStatus: number | null;
  @Column('jsonb', { nullable: true }) details: AuditDetails | null;
}

/**
 * Somebody who has left an organization, or was invited, as it last knew them. Triggers write the rows, and the function
 * `named_people` reads them with those of members (docs/decisions/0118-names-are-kept-when-people-leave.md).
 */
@Entity('audit_names')
@Index('audit_names_by_ids', { synchronize: false })
@Index('audit_names_by_age', ['namedAt'])
export class AuditName {
  @PrimaryColumn('uuid') orgId: string;
  /** The user, or the invitation of somebody without an account. */
  @PrimaryColumn('uuid') personId: string;
  /** All ids with which entries name the person. */
  @Column('uuid', { array: true }) ids: string[];
  @Column('text', { nullable: true }) name: string | null;
  @Column('text') email: string;
  /** When the person left. */
  @Column('timestamptz', { default: () => 'now()' }) namedAt: Date;
}
