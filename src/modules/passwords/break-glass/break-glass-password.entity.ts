import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The password of a break-glass window as an argon2id digest, valid until it expires. */
@Entity('break_glass_passwords')
export class BreakGlassPassword {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('text') digest: string;
  /** Compared with now() at each use. */
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
