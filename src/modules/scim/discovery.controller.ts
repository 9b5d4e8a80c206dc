import { All, Get, Param } from '@nestjs/common';
import { MAX_BODY_BYTES } from '../../common/http/body-parsers.js';
import { existing } from './http/errors.js';
import { CurrentScimRequest, type ScimRequest, ScimController } from './http/scim.guard.js';
import { resourceTypes, schemaResources, serviceProviderConfig } from './protocol/discovery.js';
import { wholeList } from './protocol/list.js';
import { NotSupported, ScimError } from './protocol/scim.errors.js';

/** What this service supports (RFC 7644, section 4), and 501 for the endpoints that it does not implement. */
@ScimController()
export class DiscoveryController {
  @Get('ServiceProviderConfig')
  getServiceProviderConfig(@CurrentScimRequest() request: ScimRequest) {
    return serviceProviderConfig(unfiltered(request).base, MAX_BODY_BYTES);
  }

  @Get('ResourceTypes')
  listResourceTypes(@CurrentScimRequest() request: ScimRequest) {
    return wholeList(resourceTypes(unfiltered(request)));
  }

  @Get('ResourceTypes/:id')
  getResourceType(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return existing(resourceTypes(unfiltered(request)).find((type) => type.id === id));
  }

  @Get('Schemas')
  listSchemas(@CurrentScimRequest() request: ScimRequest) {
    return wholeList(schemaResources(unfiltered(request)));
  }

  @Get('Schemas/:id')
  getSchema(@CurrentScimRequest() request: ScimRequest, @Param('id') id: string) {
    return existing(schemaResources(unfiltered(request)).find((schema) => schema.id === id));
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

/** Refuses filters, so that no client believes that its filter was applied (RFC 7644, section 4). */
function unfiltered(request: ScimRequest): ScimRequest {
  if (request.query.filter !== undefined)
    throw new ScimError(null, 'This endpoint does not support a filter.', {
      status: 403,
      code: 'scim_filter_not_supported',
    });
  return request;
}
