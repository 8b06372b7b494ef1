import { arrayAt, jsonEqual, stringAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { refuse } from '../refuse.ts';
import { requestedSubject } from '../requested-subject.ts';

/** Whether the write is of a certificate signing request, or of this part of one. */
function isRequest({ resource, subresource }: Attributes, part: string): boolean {
  const { group, plural } = resource.kind;
  return group === 'certificates.k8s.io' && plural === 'certificatesigningrequests' && subresource === part;
}

/** Whether the writer may do this for a signer: for the one by name, or for all of its domain. */
async function mayForSigner({ user }: Attributes, { authorizer }: AdmissionContext, verb: string, signer: string): Promise<boolean> {
  const [domain = ''] = signer.split('/');
  for (const name of [signer, `${domain}/*`]) {
    const attributes = { user, verb, group: 'certificates.k8s.io', version: '*', resource: 'signers', name };
    const { decision } = await authorizer.authorize({ ...attributes, isResource: true, path: '', subresource: '', namespace: '' });
    if (decision === 'allow') return true;
  }
  return false;
}

/** Who approves requests must be allowed to for their signer. Follows upstream's `CertificateApproval`. */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  validate(attributes, context) {
    if (attributes.operation !== 'UPDATE' || !isRequest(attributes, 'approval')) return;
    return checkSigner(attributes, context, 'approve');
  },
};

/** Who signs must be allowed to for the signer. Follows upstream's `CertificateSigning`. */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  validate(attributes, context) {
    const { operation, object, oldObject } = attributes;
    if (operation !== 'UPDATE' || !isRequest(attributes, 'status')) return;
    const same =
      stringAt(object, 'status', 'certificate') === stringAt(oldObject, 'status', 'certificate') &&
      jsonEqual(arrayAt(object, 'status', 'conditions'), arrayAt(oldObject, 'status', 'conditions'));
    if (!same) return checkSigner(attributes, context, 'sign');
  },
};

async function checkSigner(attributes: Attributes, context: AdmissionContext, verb: 'approve' | 'sign'): Promise<void> {
  const signer = stringAt(attributes.oldObject, 'spec', 'signerName');
  if (await mayForSigner(attributes, context, verb, signer)) return;
  throw refuse(attributes, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
}

const clientSigner = 'kubernetes.io/kube-apiserver-client';

/** Nobody becomes `system:masters` by a signed request. Follows upstream's `CertificateSubjectRestriction`. */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  validate(attributes) {
    const { operation, object } = attributes;
    if (operation !== 'CREATE' || !isRequest(attributes, '') || stringAt(object, 'spec', 'signerName') !== clientSigner) return;
    return checkSubject(attributes);
  },
};

async function checkSubject(attributes: Attributes): Promise<void> {
  const { organizations } = await requestedSubject(stringAt(attributes.object, 'spec', 'request')).catch((error: unknown) => {
    throw refuse(attributes, `failed to parse CSR: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (organizations.includes('system:masters')) {
    throw refuse(attributes, `use of ${clientSigner} signer with system:masters group is not allowed`);
  }
}
