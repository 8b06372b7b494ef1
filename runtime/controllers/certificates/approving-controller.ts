import type { SubjectAccessReview } from '../../api/generated/types/authorization/v1.ts';
import type { CertificateSigningRequest } from '../../api/generated/types/certificates/v1.ts';
import { Unfulfilled } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { certificateSigningRequests, subjectAccessReviews } from '../../client/resources.ts';
import type { Controller, ControllerContext } from '../common/context.ts';
import { createCertificateLoop } from './certificate-loop.ts';
import { type CertificateRequest, parseRequest } from './certificate-request.ts';
import { isDecided } from './conditions.ts';
import { kubeletClientProblem } from './signer-rules.ts';

/** What is approved of itself: the right that it takes, and what the condition says then. */
const recognizers = [
  {
    recognizes: (request: CertificateSigningRequest, asked: CertificateRequest) =>
      request.spec.username === asked.commonName && isNodeClient(request, asked),
    subresource: 'selfnodeclient',
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  },
  {
    recognizes: isNodeClient,
    subresource: 'nodeclient',
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
  },
] as const;

/** Approves the client certificates of kubelets for who may have them, after `pkg/controller/certificates/approver` of Kubernetes. */
export function createCertificateApprovingController(context: ControllerContext): Controller {
  const { client } = context;
  const isAllowed = async ({ spec }: CertificateSigningRequest, subresource: string) => {
    const { username = '', uid = '', groups = [], extra } = spec;
    const review: SubjectAccessReview = {
      spec: {
        user: username,
        uid,
        groups: [...groups],
        ...(extra && { extra }),
        resourceAttributes: { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', verb: 'create', subresource },
      },
    };
    const { status } = await client.resource(subjectAccessReviews).create(review);
    return status?.allowed === true;
  };
  const loop = createCertificateLoop(context, {
    name: 'csrapproving',
    async handle(request) {
      if (isDecided(request)) return;
      const asked = await parseRequest(request);
      const tried: string[] = [];
      for (const { recognizes, subresource, message } of recognizers) {
        if (!recognizes(request, asked)) continue;
        tried.push(subresource);
        if (!(await isAllowed(request, subresource))) continue;
        const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message };
        const conditions = [...(request.status?.conditions ?? []), condition];
        await client.resource(certificateSigningRequests).update({ ...request, status: { ...request.status, conditions } }, 'approval');
        return;
      }
      if (tried.length === 0) return;
      const name = JSON.stringify(nameOf(request));
      throw new Unfulfilled(`recognized csr ${name} as [${tried.join(' ')}] but subject access review was not approved`);
    },
  });
  return { name: 'certificatesigningrequest-approving-controller', run: loop.run };
}

function isNodeClient({ spec }: CertificateSigningRequest, asked: CertificateRequest): boolean {
  if (spec.signerName !== 'kubernetes.io/kube-apiserver-client-kubelet') return false;
  return kubeletClientProblem(asked, spec.usages ?? []) === undefined;
}
