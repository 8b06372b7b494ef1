/** The servers behind APIServices, by the names of these. */
export interface RemoteServers {
  /** Why a server does not answer; nothing when it does. Rejects when it cannot be asked at all. */
  discoveryFailure(apiService: string): Promise<string | undefined>;
  /** Told of each APIService that is no longer available, and why. */
  becameUnavailable(apiService: string, reason: string): void;
}
