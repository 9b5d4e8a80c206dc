import { Flag } from '../common/http/fields.decorator.js';

export class AllowedLoginMethodsUpdate {
  @Flag({ nullable: true, optional: true }) sso_only?: boolean | null;
}
