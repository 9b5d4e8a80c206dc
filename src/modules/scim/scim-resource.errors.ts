import { NotFound } from '../../common/errors/domain-error.js';

/** Unknown, deleted, or another organization's: the same answer for all. */
export class ScimResourceNotFound extends NotFound {
  readonly code = 'scim_resource_not_found';
  constructor(what = 'There is no such resource.') {
    super(what);
  }
}
