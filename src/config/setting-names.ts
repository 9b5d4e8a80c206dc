import { VARIABLE_NAMES, type VariableName } from './environment.js';
import { FEATURE_FLAG_NAMES, FEATURE_FLAGS } from './feature-flags.js';

/** The names in the LangSmith chart, accepted as well; those of flags are in feature-flags.ts. */
const ALIASES: { readonly [Name in VariableName]?: string } = {
  DATABASE_URL: 'POSTGRES_DATABASE_URI',
  AUTH_TYPE: 'VITE_BACKEND_AUTH_TYPE',
  BASIC_AUTH_ENABLED: 'VITE_BASIC_AUTH_ENABLED',
  API_KEY_SALT: 'X_SERVICE_AUTH_JWT_SECRET',
  HTTPS_PROXY: 'https_proxy',
  NO_PROXY: 'no_proxy',
};

/** The names of every setting, the recommended name first. */
export const SETTINGS: readonly (readonly [string, ...string[]])[] = [
  ...VARIABLE_NAMES.map(namesOf),
  ...FEATURE_FLAG_NAMES.map((name) => FEATURE_FLAGS[name].variables),
];

/** The recommended name first. */
export function namesOf(name: VariableName): [string, ...string[]] {
  const alias = ALIASES[name];
  return alias === undefined ? [name] : [name, alias];
}
