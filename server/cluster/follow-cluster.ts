import type { Connection } from 'vscode-languageserver';
import { clusterDefinitionsNotification, clusterNotification, clusterObjectsNotification } from '../protocol.ts';
import type { ChosenVersion } from '../versions/chosen-version.ts';
import type { ConnectedCluster } from './connected-cluster.ts';

export interface Following {
  readonly cluster: ConnectedCluster;
  readonly version: ChosenVersion;
  /** Files may have other problems than before. */
  changed(): void;
}

/** Keeps what is known of the connected cluster as the editor tells it. */
export function followCluster(connection: Connection, { cluster, version, changed }: Following): void {
  connection.onNotification(clusterNotification, (info) => {
    if (info === null) cluster.disconnect();
    else cluster.connect(info.name);
    version.connect(info?.gitVersion);
    changed();
  });
  connection.onNotification(clusterObjectsNotification, (objects) => {
    const { namesGeneration } = cluster;
    cluster.replace(objects);
    if (cluster.namesGeneration !== namesGeneration) changed();
  });
  connection.onNotification(clusterDefinitionsNotification, ({ definitions }) => {
    const { generation } = cluster;
    cluster.define(definitions);
    if (cluster.generation !== generation) changed();
  });
}
