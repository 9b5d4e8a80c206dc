import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import { isUuid } from '../../../common/http/operations/value-checks.js';
import type {
  ActionSearchRequest,
  ResourceSearchRequest,
  SubjectSearchRequest,
} from '../../../contract/authzen.js';
import { ALL_PERMISSIONS, toPermission, toResource, toSubject } from '../core/question.mapper.js';
import { type Found, SearchPage } from './search-page.js';
import { isUserPosition } from './search-subjects.js';

/** @throws ValidationFailed */
export function fromSubjectSearch(orgId: string, { subject, action, resource, page }: SubjectSearchRequest) {
  const problems: Problem[] = [];
  const permission = toPermission(action, ['body'], problems);
  const where = toResource(resource, ['body'], problems);
  if (!permission || !where) throw new ValidationFailed(problems);
  const asked = { ...where, permission };
  const scope = [orgId, 'subject', subject.type, asked];
  const isPosition = subject.type === 'user' ? isUserPosition : isUuid;
  return { kind: subject.type, asked, page: toPage(page, scope, isPosition) };
}

/** @throws ValidationFailed */
export function fromResourceSearch(orgId: string, { subject, action, page }: ResourceSearchRequest) {
  const problems: Problem[] = [];
  const permission = toPermission(action, ['body'], problems);
  if (!permission) throw new ValidationFailed(problems);
  const asked = { subject: toSubject(subject), permission };
  return { asked, page: toPage(page, [orgId, 'resource', asked], isUuid) };
}

/** @throws ValidationFailed */
export function fromActionSearch(orgId: string, { subject, resource, page }: ActionSearchRequest) {
  const problems: Problem[] = [];
  const where = toResource(resource, ['body'], problems);
  if (!where) throw new ValidationFailed(problems);
  const asked = { ...where, subject: toSubject(subject) };
  return { asked, page: toPage(page, [orgId, 'action', asked], isPermission) };
}

const DEFAULT_LIMIT = 20;

const isPermission = (position: string): boolean => ALL_PERMISSIONS.has(position);

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
