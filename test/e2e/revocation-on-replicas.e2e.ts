import { proveAcknowledgedChanges } from '../support/access-changes/prove-changes.js';
import { startReplicas } from '../support/replicas.js';

/** `test/faults/full/revocation.fault.ts` makes them fifty times at servers in processes of their own. */
proveAcknowledgedChanges(startReplicas, 3);
