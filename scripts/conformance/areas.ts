import type { Area } from './area.ts';
import { API } from './api/api.ts';
import { OIDC } from './oidc/oidc.ts';
import { SCIM } from './scim/scim.ts';

export const AREAS: readonly Area[] = [SCIM, OIDC, API];
