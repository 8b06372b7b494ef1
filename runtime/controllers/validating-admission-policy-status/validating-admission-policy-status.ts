import { customGroupVersions, policyTypeWarnings } from '../../api/cel/policy-types.ts';
import type { ValidatingAdmissionPolicy } from '../../api/generated/types/admissionregistration/v1.ts';
import { runController } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { validatingAdmissionPolicies } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { customKindsOf } from './custom-kinds.ts';

const name = 'validatingadmissionpolicy-status-controller';
const fieldManager = 'validatingadmissionpolicy-status';

/** Says in the status of every ValidatingAdmissionPolicy what its expressions get wrong, after `pkg/controller/validatingadmissionpolicystatus`. */
export function createValidatingAdmissionPolicyStatus(context: ControllerContext): Controller {
  const { client, informers, log } = context;
  const policies = informers.for(validatingAdmissionPolicies);
  const queue = queueFor(context, fieldManager);
  const changed = (policy: ValidatingAdmissionPolicy) => queue.add(nameOf(policy));
  policies.on({ added: changed, updated: changed });

  const reconcile = async (key: string) => {
    const policy = policies.lister.get(undefined, key);
    const generation = policy?.metadata?.generation ?? 0;
    if (policy === undefined || generation <= (policy.status?.observedGeneration ?? 0)) return;
    const { spec = {} } = policy;
    const custom = await Promise.all([...customGroupVersions(spec)].map((groupVersion) => customKindsOf(client, groupVersion)));
    const expressionWarnings = policyTypeWarnings(spec, custom.flat()).map(({ fieldRef, warning }) => ({ fieldRef, warning }));
    const typeChecking = expressionWarnings.length === 0 ? {} : { expressionWarnings };
    const body = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: key },
      status: { observedGeneration: generation, typeChecking },
    };
    const patch = { type: 'apply', body, fieldManager, force: true } as const;
    await client.resource(validatingAdmissionPolicies).patch(key, undefined, patch, 'status');
  };

  return {
    name,
    async run(signal) {
      await policies.synced();
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}
