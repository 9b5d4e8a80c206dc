import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

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
