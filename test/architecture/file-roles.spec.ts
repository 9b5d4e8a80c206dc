import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

type File = { readonly path: string; readonly source: string };

/** An exported class with its decorators, or an exported function, that belongs into a file with this suffix. */
const ROLES: Readonly<Record<string, RegExp>> = {
  pipe: /^export class \w+ implements [^{]*\bPipeTransform\b/m,
  guard: /^export class \w+ implements [^{]*\bCanActivate\b/m,
  interceptor: /^export class \w+ implements [^{]*\bNestInterceptor\b/m,
  filter: /^export class \w+ implements [^{]*\bExceptionFilter\b/m,
  controller: /^@(?:Scim)?Controller\(/m,
  entity: /^@Entity\(/m,
  module: /^@Module\(/m,
  command: /^export class \w+ implements [^{]*\bAdminCommand\b/m,
  job: /^export (?:abstract )?class \w+Job\b/m,
  errors:
    /^export (?:abstract )?class \w+ extends (?:\w*Error|BadRequest|Conflict|Forbidden|NotFound|Unauthenticated|Unprocessable|Unavailable|Gone|LimitReached|UpstreamFailed|ConcurrencyConflict)\b/m,
  decorator:
    /^export (?:function|const) \w+[^;]*?(?:\): (?:Class|Method|Property|Parameter)Decorator\b|=> *applyDecorators|= createParamDecorator)/m,
};

/** Files that hold several classes of one role, for a whole folder. */
const SHARED_FILES: Readonly<Record<string, string>> = { 'entities.ts': 'entity', 'errors.ts': 'errors' };

const roleOf = (path: string): string | undefined =>
  SHARED_FILES[basename(path)] ?? basename(path, '.ts').split('.')[1];

/** What a file may hold beside its role: the decorator that puts a guard, interceptor or pipe on a route. */
const mayHold = (role: string | undefined, other: string): boolean =>
  role === other || (other === 'decorator' && /^(?:guard|interceptor|pipe)$/.test(role ?? ''));

/** The roles that the file holds without saying so. */
const violationsOf = ({ path, source }: File): string[] =>
  Object.entries(ROLES)
    .filter(([role, pattern]) => !mayHold(roleOf(path), role) && pattern.test(source))
    .map(([role]) => `${path}: *.${role}.ts`);

/** Files of a role beside the file that holds all classes of this role. */
const besideShared = (paths: readonly string[]): string[] =>
  paths.filter((path) => {
    const shared = Object.keys(SHARED_FILES).find((name) => SHARED_FILES[name] === roleOf(path));
    return shared && basename(path) !== shared && paths.includes(join(dirname(path), shared));
  });

/** Null if the only injectable class is named after the file, with the suffix or without it. */
const misnamedClassIn = ({ path, source }: File): string | null => {
  const classes = [
    ...source.matchAll(
      /^@(?:Injectable|(?:Scim)?Controller)\([^\n]*\)\n(?:@.*\n|export abstract |export )*class (\w+)/gm,
    ),
  ];
  const name = basename(path, '.ts');
  const expected = [name, name.split('.', 1)[0]!].map((words) =>
    words.replace(/(?:^|[-.])([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
  const misnamed = classes.map(([, found]) => found!).find((found) => !expected.includes(found));
  return misnamed === undefined ? null : `${path}: ${misnamed}`;
};

const files: File[] = globSync('src/**/*.ts')
  .filter((path) => !path.endsWith('.spec.ts') && !path.startsWith('src/contract/'))
  .map((path) => ({ path, source: readFileSync(path, 'utf8') }));

/** Files with two roles, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/common/admin-commands.ts: *.errors.ts': 'a part of the interface of a command',
  'src/common/canonical-email.ts: *.errors.ts': 'thrown here alone, and no response',
  'src/common/errors/domain-error.ts: *.errors.ts': 'the base classes of all errors',
  'src/common/secrets/secrets-file.ts: *.errors.ts':
    'threads of a test load it without a build, so it imports no other file',
};

describe('the files of src', () => {
  it('say their role by their suffix', () => {
    const found = files.flatMap(violationsOf);

    expect(found.filter((violation) => !(violation in ALLOWED))).toEqual([]);
    expect(Object.keys(ALLOWED).filter((violation) => !found.includes(violation))).toEqual([]);
  });

  it('hold the entities or the errors of a folder together or apart', () => {
    expect(besideShared(files.map(({ path }) => path))).toEqual([]);
  });

  it('are named after their injectable class', () => {
    expect(files.map(misnamedClassIn).filter((found) => found !== null)).toEqual([]);
  });
});

describe('the check of the roles of files', () => {
  const PATH = 'src/modules/orgs/planted.ts';

  it.each([
    ['export class PlantedPipe implements PipeTransform<string> {', 'pipe'],
    ['export class Planted implements OnModuleInit, CanActivate {', 'guard'],
    ["@Controller('planted')\nexport class PlantedController {", 'controller'],
    ['export class PlantedJob implements OnModuleInit {', 'job'],
    ['export class PlantedForbidden extends Forbidden {', 'errors'],
    ['export const Planted = () => applyDecorators(UseGuards(A));', 'decorator'],
    ['export function Planted(min: number): PropertyDecorator {', 'decorator'],
  ])('refuses %j in a file without the suffix', (source, role) => {
    expect(violationsOf({ path: PATH, source })).toEqual([`${PATH}: *.${role}.ts`]);
  });

  it.each([
    ['entities.ts', "@Entity('planted')\nexport class Planted {"],
    ['errors.ts', 'export class PlantedForbidden extends Forbidden {'],
    ['planted.guard.ts', 'export const Planted = () => applyDecorators(UseGuards(A));'],
  ])('accepts in %s %j', (name, source) => {
    expect(violationsOf({ path: `src/modules/orgs/${name}`, source })).toEqual([]);
  });

  it('refuses an entity beside the file for the entities of its folder', () => {
    const paths = ['orgs/entities.ts', 'orgs/org.entity.ts', 'tags/tag.entity.ts'];

    expect(besideShared(paths)).toEqual(['orgs/org.entity.ts']);
  });

  it('refuses an injectable class of another name than its file', () => {
    const source = '@Injectable()\nexport class Other {';

    expect(misnamedClassIn({ path: PATH, source })).toBe(`${PATH}: Other`);
    expect(misnamedClassIn({ path: 'src/modules/orgs/other.read-model.ts', source })).toBeNull();
  });
});
