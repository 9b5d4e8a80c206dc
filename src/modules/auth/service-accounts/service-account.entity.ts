import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A principal with a name that is no person: it takes no seat and is in no list of members. */
@Entity('service_accounts')
@Unique('service_accounts_name_is_unique_in_org', ['orgId', 'name'])
@Unique('service_accounts_id_org_id_key', ['id', 'orgId'])
export class ServiceAccount {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') name: string;
  /** What the wire calls its organization identity. */
  @Column('uuid') identityId: string;
  /** The first it was made for; null without any, and once that workspace is gone. */
  @Index()
  @ForeignKey('Workspace', { onDelete: 'SET NULL' })
  @Column('uuid', { nullable: true })
  defaultWorkspaceId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
