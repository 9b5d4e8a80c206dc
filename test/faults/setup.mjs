import { ensureBuilt } from '../../scripts/build.mjs';

/** The cases start the built server. */
export default function setup() {
  ensureBuilt();
}
