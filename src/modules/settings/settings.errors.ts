import { Forbidden } from '../../common/errors/domain-error.js';

/** A setting that this installation does not offer (decision 3). */
export class SettingUnavailable extends Forbidden {
  readonly code = 'setting_unavailable';
  constructor(setting: string, gate: string) {
    super(
      `${setting} cannot be set: ${gate} is off for this organization; the operator of this installation decides.`,
    );
  }
}
