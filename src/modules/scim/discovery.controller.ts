import { Controller, Get, Param } from '@nestjs/common';
import { resourceTypes, schemaResources, serviceProviderConfig } from './protocol/discovery.js';
import { wholeList } from './protocol/list-response.js';
import { ScimTokenOnly } from './scim-access.js';
import { ScimResourceNotFound } from './scim-resource.errors.js';
import { Call, type ScimCall } from './scim-call.js';
import { SCIM_ROOT } from './scim-root.js';

/** What this service supports (RFC 7644, section 4). */
@Controller(SCIM_ROOT)
@ScimTokenOnly()
export class DiscoveryController {
  @Get('ServiceProviderConfig')
  getServiceProviderConfig(@Call() { base }: ScimCall) {
    return serviceProviderConfig(base);
  }

  @Get('ResourceTypes')
  listResourceTypes(@Call() { base }: ScimCall) {
    return wholeList(resourceTypes(base));
  }

  @Get('ResourceTypes/:id')
  getResourceType(@Call() { base }: ScimCall, @Param('id') id: string) {
    return one(resourceTypes(base), id);
  }

  @Get('Schemas')
  listSchemas(@Call() { base }: ScimCall) {
    return wholeList(schemaResources(base));
  }

  @Get('Schemas/:id')
  getSchema(@Call() { base }: ScimCall, @Param('id') id: string) {
    return one(schemaResources(base), id);
  }
}

function one<T extends { id?: unknown }>(resources: readonly T[], id: string): T {
  const found = resources.find((resource) => resource.id === id);
  if (!found) throw new ScimResourceNotFound();
  return found;
}
