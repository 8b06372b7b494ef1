import type { CertificateSigningRequest } from '../../api/generated/types/certificates/v1.ts';
import { runController } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { certificateSigningRequests } from '../../client/resources.ts';
import { type ControllerContext, queueFor } from '../common/context.ts';
import { isIssued } from './conditions.ts';

/** What one loop does about a request that has no certificate yet. */
export interface CertificateLoop {
  /** Named in the log. */
  readonly name: string;
  readonly handle: (request: CertificateSigningRequest) => Promise<void>;
}

/** Looks at every request for a certificate, as long as it has none. Upstream: `CertificateController`. */
export function createCertificateLoop(context: ControllerContext, { name, handle }: CertificateLoop) {
  const informer = context.informers.for(certificateSigningRequests);
  const queue = queueFor(context, 'certificate', { baseDelay: 200, maxDelay: 1_000_000 });
  const enqueue = (request: CertificateSigningRequest) => queue.add(nameOf(request));
  informer.on({ added: enqueue, updated: enqueue });
  return {
    async run(signal: AbortSignal): Promise<void> {
      await informer.synced();
      const reconcile = async (key: string) => {
        const request = informer.lister.get('', key);
        if (request !== undefined && !isIssued(request)) await handle(request);
      };
      await runController({ name, queue, workers: 5, reconcile, signal, log: context.log });
    },
  };
}
