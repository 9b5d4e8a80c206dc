import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How often something happened in one minute; shared by all replicas. Keys are digests: they name people. */
@Entity('rate_windows')
@Index('rate_windows_by_start', ['startedAt'])
export class RateWindow {
  @PrimaryColumn('bytea') key: Buffer;
  @Column('timestamptz') startedAt: Date;
  @Column('integer') hits: number;
}
