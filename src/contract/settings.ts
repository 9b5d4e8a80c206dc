import { Instant, Text, Uuid, WireName } from '../common/http/fields.decorator.js';

/** The workspace with its handle, as SDKs read it to resolve the owner of prompts. */
@WireName('app__hub__crud__tenants__Tenant')
export class HubTenant {
  @Uuid() id: string;
  @Text() display_name: string;
  @Instant() created_at: string;
  @Text({ nullable: true, optional: true }) tenant_handle?: string | null;
}

export class SetTenantHandleRequest {
  @Text() tenant_handle: string;
}

export class UserOnboardingStateResponse {
  @Uuid() id: string;
  @Uuid() ls_user_id: string;
  @Instant({ nullable: true, optional: true }) tracing_completed_at?: string | null;
  @Instant({ nullable: true, optional: true }) lgstudio_completed_at?: string | null;
  @Instant({ nullable: true, optional: true }) playground_completed_at?: string | null;
  @Instant({ nullable: true, optional: true }) evaluation_completed_at?: string | null;
  @Instant({ nullable: true, optional: true }) success_viewed_at?: string | null;
  @Instant() created_at: string;
  @Instant() updated_at: string;
}
