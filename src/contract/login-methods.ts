import { Flag } from '../common/http/fields.js';

export class AllowedLoginMethodsUpdate {
  @Flag({ nullable: true, optional: true }) sso_only?: boolean | null;
}
