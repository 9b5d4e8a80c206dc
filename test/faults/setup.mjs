import { ensureBuilt } from '../../scripts/build.mjs';

/** The tests start the built server. */
export default function setup() {
  ensureBuilt();
}
