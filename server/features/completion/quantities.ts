import { t } from '@vscode/l10n';
import { type Choice, type Context, choices, type Source, type Sources } from './context.ts';

const cpu = '100m 250m 500m 1 2 4';
const memory = '128Mi 256Mi 512Mi 1Gi 2Gi 4Gi';
const storage = '1Gi 5Gi 10Gi 20Gi 50Gi 100Gi';

/** What people ask for of a resource. */
function amounts(resource: string): Choice[] {
  if (/cpu$/.test(resource)) return choices(cpu, t('cores'));
  if (/memory$/.test(resource)) return choices(memory, t('bytes'));
  if (/storage$/.test(resource)) return choices(storage, t('bytes'));
  if (/hugepages-/.test(resource)) return choices('64Mi 128Mi 1Gi', t('bytes'));
  return choices('1 2 4 10 20 50 100');
}

/** Names of resources, or, behind one of them, amounts. */
const resources =
  (names: string): Source =>
  ({ rest }) => {
    const [resource] = rest;
    if (typeof resource === 'string') return amounts(resource);
    return names.split(' ').map((text, rank) => ({ text, rank, value: '' }));
  };

const container = resources('cpu memory ephemeral-storage hugepages-2Mi hugepages-1Gi nvidia.com/gpu amd.com/gpu');
const disk = resources('storage');
const limits = resources('cpu memory ephemeral-storage storage');

const countable = [
  'pods services services.loadbalancers services.nodeports configmaps secrets persistentvolumeclaims replicationcontrollers resourcequotas',
  'count/deployments.apps count/statefulsets.apps count/jobs.batch count/cronjobs.batch count/ingresses.networking.k8s.io',
].join(' ');

const quota: Source = (context: Context) => {
  const names = `requests.cpu requests.memory limits.cpu limits.memory requests.storage requests.ephemeral-storage ${countable}`;
  return resources(names)(context);
};

/** Amounts and the resources they are of. */
export const quantitySources: Sources = {
  'core.v1.ResourceRequirements.limits': container,
  'core.v1.ResourceRequirements.requests': container,
  'core.v1.VolumeResourceRequirements.limits': disk,
  'core.v1.VolumeResourceRequirements.requests': disk,
  'core.v1.PersistentVolumeSpec.capacity': disk,
  'core.v1.PodSpec.overhead': container,
  'core.v1.EmptyDirVolumeSource.sizeLimit': () => choices('64Mi 128Mi 256Mi 512Mi 1Gi', t('bytes')),
  'core.v1.LimitRangeItem.default': limits,
  'core.v1.LimitRangeItem.defaultRequest': limits,
  'core.v1.LimitRangeItem.max': limits,
  'core.v1.LimitRangeItem.min': limits,
  'core.v1.LimitRangeItem.maxLimitRequestRatio': limits,
  'core.v1.ResourceQuotaSpec.hard': quota,
  'core.v1.ResourceFieldSelector.divisor': () => choices('1 1m 1Mi 1Gi'),
  'autoscaling.v2.ResourceMetricSource.name': () => choices('cpu memory'),
  'autoscaling.v2.ContainerResourceMetricSource.name': () => choices('cpu memory'),
  'autoscaling.v2.MetricTarget.averageUtilization': () => choices('50 60 70 80 90', t('percent of what is requested')),
  'autoscaling.v2.MetricTarget.averageValue': () => choices(`${cpu} ${memory}`),
  'autoscaling.v1.HorizontalPodAutoscalerSpec.targetCPUUtilizationPercentage': () =>
    choices('50 60 70 80 90', t('percent of what is requested')),
};
