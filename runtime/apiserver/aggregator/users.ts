import type { User } from '../authentication/user.ts';

/** Who asks other servers whether they are there, and for their resources. It may do everything, so that its answer does not depend on roles. */
export const aggregatorUser: User = { name: 'system:kube-aggregator', groups: ['system:masters'] };

/** Who asks them for their OpenAPI documents. */
export const openApiUser: User = { name: 'system:aggregator', groups: [] };
