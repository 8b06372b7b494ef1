import { followCluster } from '../cluster/follow-cluster.ts';
import type { Served } from './served.ts';

/** Follows what the editor tells of the cluster it is connected to. */
export const connectedCluster: Served = {
  serve(session) {
    const { connection, cluster, version } = session;
    followCluster(connection, { cluster, version, changed: () => session.checkAll() });
  },
};
