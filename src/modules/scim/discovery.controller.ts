import { Controller, Get, Param } from '@nestjs/common';
import { LARGEST_BODY } from '../../common/http/bodies.js';
import {
  assertNotFiltered,
  resourceTypes,
  schemaResources,
  serviceProviderConfig,
} from './protocol/discovery.js';
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
  getServiceProviderConfig(@Call() call: ScimCall) {
    return serviceProviderConfig(baseFor(call), LARGEST_BODY);
  }

  @Get('ResourceTypes')
  listResourceTypes(@Call() call: ScimCall) {
    return wholeList(resourceTypes(baseFor(call)));
  }

  @Get('ResourceTypes/:id')
  getResourceType(@Call() call: ScimCall, @Param('id') id: string) {
    return one(resourceTypes(baseFor(call)), id);
  }

  @Get('Schemas')
  listSchemas(@Call() call: ScimCall) {
    return wholeList(schemaResources(baseFor(call)));
  }

  @Get('Schemas/:id')
  getSchema(@Call() call: ScimCall, @Param('id') id: string) {
    return one(schemaResources(baseFor(call)), id);
  }
}

function baseFor({ base, query }: ScimCall): string {
  assertNotFiltered(query);
  return base;
}

function one<T extends { id?: unknown }>(resources: readonly T[], id: string): T {
  const found = resources.find((resource) => resource.id === id);
  if (!found) throw new ScimResourceNotFound();
  return found;
}
