import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { isUuid } from '../../../common/http/operations/value-checks.js';
import type {
  ActionSearchRequest,
  AuthzenResource,
  ResourceSearchRequest,
  SubjectSearchRequest,
} from '../../../contract/authzen.js';
import { isPermission, isSubjectKind, toPermission, toResource, toSubject } from './question.mapper.js';
import { type Found, SearchPage } from './search-page.js';
import { isUserPosition } from './search-subjects.js';

/** @throws ValidationFailed */
export function fromSubjectSearch(orgId: string, { subject, action, resource, page }: SubjectSearchRequest) {
  const { isKnown, ...where } = placeOf(resource);
  const asked = { ...where, permission: isKnown ? toPermission(action) : null };
  const scope = [orgId, 'subject', subject.type, asked];
  const isPosition = subject.type === 'user' ? isUserPosition : isUuid;
  const kind = isSubjectKind(subject.type) ? subject.type : null;
  return { kind, asked, page: toPage(page, scope, isPosition) };
}

/** @throws ValidationFailed */
export function fromResourceSearch(
  orgId: string,
  { subject, action, resource, page }: ResourceSearchRequest,
) {
  const permission = resource.type === 'workspace' ? toPermission(action) : null;
  const asked = { subject: toSubject(subject), permission };
  return { asked, page: toPage(page, [orgId, 'resource', asked], isUuid) };
}

/** @throws ValidationFailed */
export function fromActionSearch(orgId: string, { subject, resource, page }: ActionSearchRequest) {
  const { isKnown, ...where } = placeOf(resource);
  const asked = { ...where, subject: toSubject(subject) };
  return { asked: { ...asked, isKnown }, page: toPage(page, [orgId, 'action', asked], isPermission) };
}

/** @throws ValidationFailed */
function placeOf(resource: AuthzenResource) {
  const problems: Problem[] = [];
  const where = toResource(resource, ['body'], problems);
  if (!where) throw new ValidationFailed(problems);
  return where;
}

const DEFAULT_LIMIT = 20;

const toPage = (
  page: SubjectSearchRequest['page'],
  scope: readonly unknown[],
  isPosition: (position: string) => boolean,
): SearchPage =>
  new SearchPage({ token: page?.token, limit: page?.limit ?? DEFAULT_LIMIT }, scope, isPosition);

export const toResults = <Item, Result>(
  { items, nextToken }: Found<Item>,
  toResult: (item: Item) => Result,
) => ({
  page: { next_token: nextToken, count: items.length },
  results: items.map(toResult),
});
