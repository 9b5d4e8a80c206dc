export { AccessPolicyNotGrantable, OnlyAdminsManagePolicies } from './errors.js';
export { AccessPoliciesService } from './access-policies.service.js';
export {
  type AccessDecision,
  type AccessQuery,
  decideAccess,
  type Policy,
  resourceTypeOf,
} from './condition.js';
export { PoliciesModule } from './policies.module.js';
