import { type Family, Numbers, Reading } from '../metrics/families.ts';
import { discoveryFailure } from './availability.ts';
import type { RemoteApis } from './remote-apis.ts';
import type { RemoteParts } from './remote-server.ts';

/** What the controllers of the aggregation layer do with the servers behind APIServices, which they know by the names of these. */
export class RemoteServers {
  private readonly parts: RemoteParts;
  private readonly apis: RemoteApis;
  private readonly unavailable = new Numbers(
    'counter',
    'aggregator_unavailable_apiservice_total',
    'How often APIServices became unavailable, by name and reason.',
    ['name', 'reason'],
  );

  constructor(parts: RemoteParts, apis: RemoteApis) {
    this.parts = parts;
    this.apis = apis;
  }

  /** Why a server does not answer, in upstream's words; nothing when it does. Rejects when it cannot be asked at all. */
  async discoveryFailure(apiService: string): Promise<string | undefined> {
    const api = this.apis.named(apiService);
    return api && discoveryFailure(this.parts, api);
  }

  /** Counts that an APIService is no longer available. */
  becameUnavailable(apiService: string, reason: string): void {
    this.unavailable.add([apiService, reason]);
  }

  get families(): readonly Family[] {
    const now = new Reading('aggregator_unavailable_apiservice', 'Whether an APIService is unavailable, by name.', () =>
      this.apis.availability().map(({ name, isAvailable }) => [{ name }, isAvailable ? 0 : 1]),
    );
    return [now, this.unavailable];
  }
}
