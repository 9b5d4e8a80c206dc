import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A used logout token, to detect replays; kept until it would be refused as expired. */
@Entity('used_logout_tokens')
@Index('used_logout_tokens_by_expiry', ['expiresAt'])
export class UsedLogoutToken {
  /** SHA-256 of issuer and `jti`, whose length is up to the provider. */
  @PrimaryColumn('bytea') digest: Buffer;
  @Column('timestamptz') expiresAt: Date;
}
