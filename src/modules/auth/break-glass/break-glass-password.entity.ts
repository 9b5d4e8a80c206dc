import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A password that opens the door beside single sign-on, as an argon2id digest, until it expires. */
@Entity('break_glass_passwords')
export class BreakGlassPassword {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('text') digest: string;
  /** Compared with now() at each use; nothing has to sweep. */
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
