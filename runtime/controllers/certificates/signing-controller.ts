import { toBase64 } from '../../api/base64.ts';
import type { CertificateSigningRequest } from '../../api/generated/types/certificates/v1.ts';
import { certificateSigningRequests } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import type { Controller, ControllerContext } from '../common/context.ts';
import { type AuthorityFiles, SigningAuthority } from './authority.ts';
import { createCertificateLoop } from './certificate-loop.ts';
import { parseRequest } from './certificate-request.ts';
import { hasTrueCondition, isApproved } from './conditions.ts';
import { signers } from './signer-rules.ts';

/** Signs approved requests for the cluster's own signers, after `pkg/controller/certificates/signer` of Kubernetes. */
export function createCertificateSigningController(context: ControllerContext, files: AuthorityFiles): Controller {
  const authority = new SigningAuthority(files, context.clock, context.random);
  const resource = context.client.resource(certificateSigningRequests);
  const failed = async (request: CertificateSigningRequest, message: string) => {
    const lastUpdateTime = formatTime(context.clock.now());
    const condition = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message, lastUpdateTime };
    const conditions = [...(request.status?.conditions ?? []), condition];
    await resource.update({ ...request, status: { ...request.status, conditions } }, 'status');
  };
  const loops = signers.map(({ loop, signerName, refuses }) =>
    createCertificateLoop(context, {
      name: loop,
      async handle(request) {
        const { spec } = request;
        if (spec.signerName !== signerName || !isApproved(request) || hasTrueCondition(request, 'Failed')) return;
        const asked = await parseRequest(request);
        const usages = spec.usages ?? [];
        const problem = refuses(asked, usages);
        if (problem !== undefined) return failed(request, problem);
        const certificate = await authority.sign(asked, usages, spec.expirationSeconds);
        const status = { ...request.status, certificate: toBase64(new TextEncoder().encode(certificate)) };
        await resource.update({ ...request, status }, 'status');
      },
    }),
  );
  return {
    name: 'certificatesigningrequest-signing-controller',
    async run(signal) {
      await Promise.all(loops.map((loop) => loop.run(signal)));
    },
  };
}
