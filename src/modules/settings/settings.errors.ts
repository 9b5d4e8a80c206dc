import { Forbidden } from '../../common/errors/domain-error.js';

/** A setting that this installation does not offer (contract decision 3). */
export class SettingUnavailable extends Forbidden {
  readonly code = 'setting_unavailable';
  constructor(setting: string, gate: string) {
    super(
      `${setting} cannot be set: ${gate} is off for this organization; the operator of this installation decides.`,
    );
  }
}

/** Both organizations give something away: one its newcomers, the other its door. */
export class DefaultOrgChangeForbidden extends Forbidden {
  readonly code = 'may_not_move_default_org';
  constructor() {
    super(
      'The default organization is moved by a person who is Organization Admin of the present one and of this one.',
    );
  }
}

export class PersonalOrgCannotBeDefault extends Forbidden {
  readonly code = 'personal_org_cannot_be_default';
  constructor() {
    super('A personal organization has no other members, so it cannot be where everybody arrives.');
  }
}
