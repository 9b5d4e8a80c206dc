import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A logout token that was obeyed: shown again, it is a replay. Kept until it would be refused as expired anyway. */
@Entity('used_logout_tokens')
@Index('used_logout_tokens_by_expiry', ['expiresAt'])
export class UsedLogoutToken {
  /** Of issuer and `jti`, whose length the provider chooses. */
  @PrimaryColumn('bytea') digest: Buffer;
  @Column('timestamptz') expiresAt: Date;
}
