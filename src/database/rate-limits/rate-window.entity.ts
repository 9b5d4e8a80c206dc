import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The count of an action within its window, a minute unless the action has another, shared by all replicas. Keys are digests, since they identify people. */
@Entity('rate_windows')
@Index('rate_windows_by_start', ['startedAt'])
export class RateWindow {
  @PrimaryColumn('bytea') key: Buffer;
  @Column('timestamptz') startedAt: Date;
  @Column('integer') hits: number;
}
