import type { CertificateSigningRequest } from '../../api/generated/types/certificates/v1.ts';
import { isReason } from '../../client/client.ts';
import { nameOf } from '../../client/object-key.ts';
import { certificateSigningRequests } from '../../client/resources.ts';
import type { Controller, ControllerContext } from '../common/context.ts';
import { loadX509 } from './certificate-request.ts';
import { isIssued } from './conditions.ts';

const name = 'certificatesigningrequest-cleaner-controller';
const hour = 60 * 60_000;
const period = hour;
/** How long a request is kept after it was decided, and after it was made when nobody decides, in milliseconds. */
const decidedLifetime = hour;
const pendingLifetime = 24 * hour;

/** Deletes requests for certificates that nobody needs any more, after `pkg/controller/certificates/cleaner` of Kubernetes. */
export function createCertificateCleaningController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const informer = informers.for(certificateSigningRequests);

  const clean = async (request: CertificateSigningRequest) => {
    if (!isOld(request, clock.now()) && !(await isIssuedExpired(request, clock.now()))) return;
    await client.resource(certificateSigningRequests).delete(nameOf(request));
  };

  return {
    name,
    async run(signal) {
      await informer.synced();
      while (!signal.aborted) {
        for (const request of informer.lister.list()) {
          try {
            await clean(request);
          } catch (error) {
            if (signal.aborted) return;
            if (!isReason(error, 'NotFound')) log.warn(`${name}: ${nameOf(request)}`, error);
          }
        }
        await clock.sleep(period, signal);
      }
    },
  };
}

function isOld(request: CertificateSigningRequest, now: number): boolean {
  const conditions = request.status?.conditions ?? [];
  const isPast = (time: string | undefined, lifetime: number) => time !== undefined && now - Date.parse(time) > lifetime;
  if (conditions.length === 0) return isPast(request.metadata?.creationTimestamp, pendingLifetime);
  return conditions.some(({ type, lastUpdateTime }) => {
    const ended = type === 'Denied' || type === 'Failed' || (type === 'Approved' && isIssued(request));
    return ended && isPast(lastUpdateTime, decidedLifetime);
  });
}

/** Whether the certificate itself is valid no longer. @throws Error when there is none to read */
async function isIssuedExpired(request: CertificateSigningRequest, now: number): Promise<boolean> {
  if (!isIssued(request) || !request.status?.conditions?.some(({ type }) => type === 'Approved')) return false;
  const { X509Certificate } = await loadX509();
  return now > new X509Certificate(atob(request.status.certificate ?? '')).notAfter.getTime();
}
