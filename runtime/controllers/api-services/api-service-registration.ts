import { jsonEqual } from '../../api/equality.ts';
import type { CustomResourceDefinition } from '../../api/generated/types/apiextensions/v1.ts';
import type { APIService } from '../../api/generated/types/apiregistration/v1.ts';
import type { APIGroupList } from '../../api/generated/types/meta/v1.ts';
import { builtinPriority, customPriority, type Priority } from '../../api/kinds/group-priorities.ts';
import { type Client, isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { readPath } from '../../client/http-client.ts';
import { nameOf, uidOf } from '../../client/object-key.ts';
import { apiServices, customResourceDefinitions } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';

const name = 'autoregister';
const managedLabel = 'kube-aggregator.kubernetes.io/automanaged';
const onStart = 'onstart';
const always = 'true';
const byGroup = 'group';

/**
 * Keeps an APIService for every group version that this server serves itself: those of built-in kinds as they are at the start, those of
 * custom ones as their definitions come and go. Follows `kube-aggregator/pkg/controllers/autoregister` and
 * `pkg/controlplane/controller/crdregistration`.
 */
export function createApiServiceRegistration(context: ControllerContext): Controller {
  const { client, informers, log } = context;
  const services = informers.for(apiServices);
  const definitions = informers.for(customResourceDefinitions);
  const resource = client.resource(apiServices);
  const queue = queueFor(context, name);
  const wanted = new Map<string, APIService>();
  const isDone = new Set<string>();
  let presentAtStart: ReadonlySet<string> = new Set();

  const changed = (service: APIService) => queue.add(nameOf(service));
  services.on({ added: changed, updated: changed, deleted: changed });

  definitions.addIndex(byGroup, ({ spec }) => [spec.group]);
  const wantVersions = ({ spec: { group, versions } }: CustomResourceDefinition) => {
    const others = definitions.lister.byIndex(byGroup, group);
    for (const { name: version } of versions) {
      const service = apiServiceOf(group, version, customPriority, always);
      const isServed = others.some(({ spec }) => spec.versions.some((each) => each.name === version && each.served));
      if (isServed) wanted.set(nameOf(service), service);
      else wanted.delete(nameOf(service));
      queue.add(nameOf(service));
    }
  };
  definitions.on({
    added: wantVersions,
    deleted: wantVersions,
    updated(definition, before) {
      wantVersions(before);
      wantVersions(definition);
    },
  });

  const remove = async (service: APIService) => {
    await resource.delete(nameOf(service), undefined, { preconditions: { uid: uidOf(service) } });
  };

  const sync = async (key: string) => {
    const service = wanted.get(key);
    const current = services.lister.get(undefined, key);
    const wasSynced = isDone.has(key);
    if (service !== undefined && managementOf(service) === onStart && wasSynced) return;
    if (current === undefined) {
      if (service !== undefined) await resource.create(service);
      return;
    }
    const management = managementOf(current);
    if (management !== onStart && management !== always) return;
    // What came after the start, or was put right since, is somebody's own by now.
    if (management === onStart && (wasSynced || !presentAtStart.has(key))) return;
    if (service === undefined) await remove(current);
    else if (!jsonEqual(current.spec, service.spec)) await resource.update({ ...current, ...(service.spec && { spec: service.spec }) });
  };

  const reconcile = async (key: string) => {
    try {
      await sync(key);
    } catch (error) {
      // Somebody else was faster: the change will be told.
      if (!['AlreadyExists', 'NotFound', 'Conflict'].some((reason) => isReason(error, reason))) throw error;
    }
    isDone.add(key);
  };

  return {
    name,
    async run(signal) {
      await Promise.all([services.synced(), definitions.synced()]);
      for (const service of await builtinServices(client)) {
        wanted.set(nameOf(service), service);
        queue.add(nameOf(service));
      }
      presentAtStart = new Set(services.lister.list().map(nameOf));
      await runController({ name, queue, workers: 5, reconcile, signal, log });
    },
  };
}

/** What the server serves of built-in groups. The aggregator's own group has no such object. */
async function builtinServices(client: Client): Promise<APIService[]> {
  const { groups } = await readPath<APIGroupList>(client, '/apis');
  const served = groups.flatMap(({ name: group, versions }) => versions.map(({ version }) => ({ group, version })));
  return [{ group: '', version: 'v1' }, ...served].flatMap(({ group, version }) => {
    const priority = builtinPriority(group, version);
    return priority === undefined ? [] : [apiServiceOf(group, version, priority, onStart)];
  });
}

function apiServiceOf(group: string, version: string, priority: Priority, management: string): APIService {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}`, labels: { [managedLabel]: management } },
    spec: {
      ...(group !== '' && { group }),
      version,
      groupPriorityMinimum: priority.group,
      versionPriority: priority.version,
    },
  };
}

function managementOf({ metadata }: APIService): string | undefined {
  return metadata?.labels?.[managedLabel];
}
