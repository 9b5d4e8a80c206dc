import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

export type LogCursorKind = 'webhook' | 'log_stream';

/** How far the audit log of an organization was sent to a webhook or log stream. */
@Entity('log_cursors')
@Check('log_cursors_kind_check', `"kind" in ('webhook', 'log_stream')`)
@Index('log_cursors_by_due', ['kind', 'dueAt'])
@Index('log_cursors_by_org', ['orgId'])
export class LogCursor {
  /** Of the webhook or log stream. */
  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: LogCursorKind;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  /** Of the last entry that is dealt with; a bigint, so a string of digits. */
  @Column('bigint') position: string;
  /** Not claimed before: the end of a claim, or of a pause. `infinity`: disabled. */
  @Column('timestamptz', { default: () => 'now()' }) dueAt: Date;
  /** Of the process that sends at present. Another claim ends this one. */
  @Column('uuid', { nullable: true }) claimId: string | null;
}
