/** The verbs of the Container Network Interface for one node. */
export interface PodNetwork {
  /** Gives a sandbox its addresses; asked again for the same sandbox, gives the same. @throws Error when none is left. */
  add(request: CniRequest): Promise<CniResult>;
  /** Takes a sandbox's addresses back. Idempotent. */
  del(request: { readonly containerId: string }): Promise<void>;
}

export interface CniRequest {
  /** The sandbox. */
  readonly containerId: string;
  readonly podNamespace: string;
  readonly podName: string;
  readonly podUid: string;
}

export interface CniResult {
  readonly ips: readonly string[];
}
