import { Conflict, Forbidden, NotFound } from '../../common/errors/domain-error.js';

export class TagKeyNotFound extends NotFound {
  static readonly message = 'There is no such tag key in this workspace.';
}

export class TagValueNotFound extends NotFound {
  static readonly message = 'There is no such tag value in this workspace.';
}

export class TaggingNotFound extends NotFound {
  static readonly message = 'There is no such tagging in this workspace.';
}

export class TagKeyTaken extends Conflict {
  static readonly message = 'The workspace has a tag key with this name already.';
}

export class TagValueTaken extends Conflict {
  static readonly message = 'The tag key has this value already.';
}

/** docs/contract/tags.md#limits */
export class TagLimitReached extends Forbidden {
  constructor(what: string, limit: number) {
    super(`There are ${limit} ${what} already, which is the limit; delete some.`);
  }
}
