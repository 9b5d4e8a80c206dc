import { NotFound } from '../../../common/errors/domain-error.js';

/** The same answer for an unknown, a deleted and another organization's resource. */
export class ScimResourceNotFound extends NotFound {
  readonly code = 'scim_resource_not_found';
  constructor(what = 'The resource does not exist.') {
    super(what);
  }
}
