import { Controller, Get, Param } from '@nestjs/common';
import { MAX_BODY_BYTES } from '../../common/http/body-parsers.js';
import {
  assertNotFiltered,
  resourceTypes,
  schemaResources,
  serviceProviderConfig,
} from './protocol/discovery.js';
import { wholeList } from './protocol/list.js';
import { ScimTokenOnly } from './http/scim-token-only.decorator.js';
import { ScimResourceNotFound } from './resources/scim-resource.errors.js';
import { CurrentScimRequest, type ScimRequest } from './http/scim-request.decorator.js';
import { SCIM_ROOT } from './http/scim-root.js';

/** Discovery endpoints (RFC 7644, section 4). */
@Controller(SCIM_ROOT)
@ScimTokenOnly()
export class DiscoveryController {
  @Get('ServiceProviderConfig')
  getServiceProviderConfig(@CurrentScimRequest() request: ScimRequest) {
    return serviceProviderConfig(baseFor(request), MAX_BODY_BYTES);
  }

  @Get('ResourceTypes')
  listResourceTypes(@CurrentScimRequest() request: ScimRequest) {
    return wholeList(resourceTypes(baseFor(request)));
  }

  @Get('ResourceTypes/:id')
  getResourceType(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return one(resourceTypes(baseFor(request)), id);
  }

  @Get('Schemas')
  listSchemas(@CurrentScimRequest() request: ScimRequest) {
    return wholeList(schemaResources(baseFor(request)));
  }

  @Get('Schemas/:id')
  getSchema(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return one(schemaResources(baseFor(request)), id);
  }
}

function baseFor({ base, query }: ScimRequest): string {
  assertNotFiltered(query);
  return base;
}

function one<T extends { id?: unknown }>(resources: readonly T[], id: string): T {
  const found = resources.find((resource) => resource.id === id);
  if (!found) throw new ScimResourceNotFound();
  return found;
}
