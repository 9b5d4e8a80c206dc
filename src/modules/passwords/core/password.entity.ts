import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { PasswordChooser } from '../address-proofs/address-proof.js';

/**
 * The password of a user as an argon2id digest, with its origin (docs/contract/passwords.md#what-a-password-proves).
 */
@Entity('passwords')
@Check(
  'passwords_chooser_is_known',
  `"chosen_by" IN ('owner', 'organization_admin', 'installation', 'unknown')`,
)
@Check(
  'passwords_origin_is_consistent',
  `CASE "chosen_by"
    WHEN 'owner' THEN NOT ("address_proved" AND "vouching_org_id" IS NOT NULL)
    WHEN 'unknown' THEN NOT "address_proved" AND "vouching_org_id" IS NULL
    ELSE NOT "address_proved" AND "vouching_org_id" IS NOT NULL
  END`,
)
export class Password {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('text') digest: string;
  @Column('text', { default: 'unknown' }) chosenBy: PasswordChooser;
  /** The organization whose admin chose this password, or the one that the user replaced by it. */
  @Index()
  @ForeignKey('Org', { onDelete: 'CASCADE' })
  @Column('uuid', { nullable: true })
  vouchingOrgId: string | null;
  /** The user set it after verifying the e-mail address. */
  @Column('boolean', { default: false }) addressProved: boolean;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
