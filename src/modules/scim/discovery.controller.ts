import { All, Get, Param } from '@nestjs/common';
import { MAX_BODY_BYTES } from '../../common/http/body-parsers.js';
import { ScimResourceNotFound } from './http/errors.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from './http/scim.guard.js';
import { assertNotFiltered, type Provided, resourceTypes, schemaResources } from './protocol/discovery.js';
import { wholeList } from './protocol/list.js';
import { NotSupported } from './protocol/scim.errors.js';
import { serviceProviderConfig } from './protocol/service-provider-config.js';

/** What this service supports (RFC 7644, section 4), and 501 for the endpoints that it does not implement. */
@ScimController()
export class DiscoveryController {
  @Get('ServiceProviderConfig')
  getServiceProviderConfig(@CurrentScimRequest() request: ScimRequest) {
    return serviceProviderConfig(providedTo(request).base, MAX_BODY_BYTES);
  }

  @Get('ResourceTypes')
  listResourceTypes(@CurrentScimRequest() request: ScimRequest) {
    return wholeList(resourceTypes(providedTo(request)));
  }

  @Get('ResourceTypes/:id')
  getResourceType(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return one(resourceTypes(providedTo(request)), id);
  }

  @Get('Schemas')
  listSchemas(@CurrentScimRequest() request: ScimRequest) {
    return wholeList(schemaResources(providedTo(request)));
  }

  @Get('Schemas/:id')
  getSchema(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return one(schemaResources(providedTo(request)), id);
  }

  /** RFC 7644, section 3.11. */
  @All('Me')
  refuseMe(): never {
    throw new NotSupported('A SCIM token represents an organization, not a user: /Me is not supported.');
  }

  /** RFC 7644, section 3.4.3, for all resource types at once. */
  @All('.search')
  refuseSearch(): never {
    throw new NotSupported(
      'Only one resource type can be searched at a time: /Users/.search or /Groups/.search.',
    );
  }
}

function providedTo({ base, query, rolesAreEnabled }: ScimRequest): Provided {
  assertNotFiltered(query);
  return { base, withRoles: rolesAreEnabled };
}

function one<T extends { id?: unknown }>(resources: readonly T[], id: string): T {
  const found = resources.find((resource) => resource.id === id);
  if (!found) throw new ScimResourceNotFound();
  return found;
}
