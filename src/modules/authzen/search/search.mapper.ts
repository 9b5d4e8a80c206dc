import type { Problem } from '../../../common/errors/domain-error.js';
import { ValidationFailed } from '../../../common/errors/errors.js';
import type {
  ActionSearchRequest,
  ResourceSearchRequest,
  SubjectSearchRequest,
} from '../../../contract/authzen.js';
import { toPermission, toResource, toSubject } from '../core/question.mapper.js';
import { type Found, SearchPage } from './search-page.js';

/** @throws ValidationFailed */
export function fromSubjectSearch(orgId: string, { subject, action, resource, page }: SubjectSearchRequest) {
  const problems: Problem[] = [];
  const permission = toPermission(action, ['body'], problems);
  const where = toResource(resource, ['body'], problems);
  if (!permission || !where) throw new ValidationFailed(problems);
  const asked = { ...where, permission };
  return { kind: subject.type, asked, page: toPage(page, [orgId, 'subject', subject.type, asked]) };
}

/** @throws ValidationFailed */
export function fromResourceSearch(orgId: string, { subject, action, page }: ResourceSearchRequest) {
  const problems: Problem[] = [];
  const permission = toPermission(action, ['body'], problems);
  if (!permission) throw new ValidationFailed(problems);
  const asked = { subject: toSubject(subject), permission };
  return { asked, page: toPage(page, [orgId, 'resource', asked]) };
}

/** @throws ValidationFailed */
export function fromActionSearch(orgId: string, { subject, resource, page }: ActionSearchRequest) {
  const problems: Problem[] = [];
  const where = toResource(resource, ['body'], problems);
  if (!where) throw new ValidationFailed(problems);
  const asked = { ...where, subject: toSubject(subject) };
  return { asked, page: toPage(page, [orgId, 'action', asked]) };
}

const DEFAULT_LIMIT = 20;

const toPage = (page: SubjectSearchRequest['page'], scope: readonly unknown[]): SearchPage =>
  new SearchPage({ token: page?.token, limit: page?.limit ?? DEFAULT_LIMIT }, scope);

export const toResults = <Item, Result>(
  { items, nextToken }: Found<Item>,
  toResult: (item: Item) => Result,
) => ({
  page: { next_token: nextToken, count: items.length },
  results: items.map(toResult),
});
