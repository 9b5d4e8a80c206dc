import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { PasswordChooser } from '../../users/index.js';

/** A person's password, as an argon2id digest, and where it came from (contract decision 49). */
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
  /** Whose admin chose this password, or the one that its owner changed into it. */
  @Index()
  @ForeignKey('Org', { onDelete: 'CASCADE' })
  @Column('uuid', { nullable: true })
  vouchingOrgId: string | null;
  /** The owner set it after proving the address. */
  @Column('boolean', { default: false }) addressProved: boolean;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
