import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Number of members of a workspace, maintained by triggers. */
@Entity('workspace_headcounts')
@Check('workspace_headcounts_are_not_negative', `"members" >= 0`)
export class WorkspaceHeadcount {
  @PrimaryColumn('uuid') @ForeignKey('Workspace', { onDelete: 'CASCADE' }) workspaceId: string;
  @Column('integer', { default: 0 }) members: number;
}
