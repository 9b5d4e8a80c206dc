import { Text, Uuid, WireName } from '../common/http/fields.decorator.js';

export class SSOProviderSlim {
  @Uuid() provider_id: string;
  @Uuid() organization_id: string;
  @Text() organization_display_name: string;
}

@WireName('_SSOEmailLookupRequest')
export class SSOEmailLookupRequest {
  @Text() email: string;
}
