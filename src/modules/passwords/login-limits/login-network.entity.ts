import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A network, or a network with an e-mail address, from which a login succeeded. The key is a keyed digest, so that the
 * table reveals neither users nor locations.
 */
@Entity('login_networks')
@Index('login_networks_by_success', ['lastSuccessAt'])
export class LoginNetwork {
  @PrimaryColumn('bytea') key: Buffer;
  @Column('timestamptz') lastSuccessAt: Date;
}
