import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';

type File = { readonly path: string; readonly source: string };

/** An exported class with its decorators, or an exported function, that belongs into a file with this suffix. */
const ROLES: Readonly<Record<string, RegExp>> = {
  pipe: /^export class \w+ implements [^{]*\bPipeTransform\b/m,
  guard: /^export class \w+ implements [^{]*\bCanActivate\b/m,
  interceptor: /^export class \w+ implements [^{]*\bNestInterceptor\b/m,
  filter: /^export class \w+ implements [^{]*\bExceptionFilter\b/m,
  controller: /^@Controller\(/m,
  entity: /^@Entity\(/m,
  module: /^@Module\(/m,
  command: /^export class \w+ implements [^{]*\bAdminCommand\b/m,
  job: /^export (?:abstract )?class \w+Job\b/m,
  errors:
    /^export (?:abstract )?class \w+ extends (?:\w*Error|BadRequest|Conflict|Forbidden|NotFound|Unauthenticated|Unprocessable|Unavailable|Gone|LimitReached|UpstreamFailed|ConcurrencyConflict)\b/m,
  decorator:
    /^export (?:function|const) \w+[^;]*?(?:\): (?:Class|Method|Property|Parameter)Decorator\b|=> *applyDecorators|= createParamDecorator)/m,
};

const roleOf = (path: string): string | undefined => basename(path, '.ts').split('.')[1];

/** Of other suffixes than `role`. */
const violationsOf = ({ path, source }: File): string[] =>
  Object.entries(ROLES)
    .filter(([role, pattern]) => roleOf(path) !== role && pattern.test(source))
    .map(([role]) => `${path}: *.${role}.ts`);

/** Null if the only injectable class is named after the file, with the suffix or without it. */
const misnamedClassIn = ({ path, source }: File): string | null => {
  const classes = [
    ...source.matchAll(
      /^@(?:Injectable|Controller)\([^\n]*\)\n(?:@.*\n|export abstract |export )*class (\w+)/gm,
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
  'src/common/errors/domain-error.ts: *.errors.ts': 'the base classes of all errors',
  'src/config/secrets-file.ts: *.errors.ts':
    'threads of a test load it without a build, so it imports no other file',
};

describe('the files of src', () => {
  it('say their role by their suffix', () => {
    const found = files.flatMap(violationsOf);

    expect(found.filter((violation) => !(violation in ALLOWED))).toEqual([]);
    expect(Object.keys(ALLOWED).filter((violation) => !found.includes(violation))).toEqual([]);
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
    ['export class PlantedJob extends LastUsedJob {', 'job'],
    ['export class PlantedForbidden extends Forbidden {', 'errors'],
    ['export const Planted = () => applyDecorators(UseGuards(A));', 'decorator'],
    ['export function Planted(min: number): PropertyDecorator {', 'decorator'],
  ])('refuses %j in a file without the suffix', (source, role) => {
    expect(violationsOf({ path: PATH, source })).toEqual([`${PATH}: *.${role}.ts`]);
  });

  it('refuses an injectable class of another name than its file', () => {
    const source = '@Injectable()\nexport class Other {';

    expect(misnamedClassIn({ path: PATH, source })).toBe(`${PATH}: Other`);
    expect(misnamedClassIn({ path: 'src/modules/orgs/other.read-model.ts', source })).toBeNull();
  });
});
