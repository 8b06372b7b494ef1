/** The servers behind APIServices, by the names of these. */
export interface RemoteServers {
  /** Why a server does not answer; nothing when it does. Rejects when it cannot be asked at all. */
  discoveryFailure(apiService: string): Promise<string | undefined>;
  /** Asks a server anew for its resources, or forgets those of one that is gone. Rejects when it does not tell them. */
  refreshDiscovery(apiService: string): Promise<void>;
  /** Asks a server anew for its OpenAPI documents, or forgets those of one that is gone. Rejects when it does not tell them. */
  refreshOpenApi(apiService: string): Promise<void>;
  /** Told of each APIService that is no longer available, and why. */
  becameUnavailable(apiService: string, reason: string): void;
}
