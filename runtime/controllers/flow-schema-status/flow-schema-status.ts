import type { FlowSchema } from '../../api/generated/types/flowcontrol/v1.ts';
import { runController } from '../../client/controller.ts';
import { nameOf } from '../../client/object-key.ts';
import { flowSchemas, priorityLevels } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';

const name = 'priority-and-fairness-config-controller';
const fieldManager = 'api-priority-and-fairness-config-consumer-v1';

/**
 * Says in the status of every FlowSchema whether there is the level of priority that it names, after `presyncFlowSchemaStatus` of
 * `k8s.io/apiserver/pkg/util/flowcontrol`.
 */
export function createFlowSchemaStatus(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const schemas = informers.for(flowSchemas);
  const levels = informers.for(priorityLevels);
  const queue = queueFor(context, 'priority_and_fairness_config_queue');

  const changed = (schema: FlowSchema) => queue.add(nameOf(schema));
  schemas.on({ added: changed, updated: changed });
  const all = () => schemas.lister.list().forEach(changed);
  levels.on({ added: all, deleted: all });

  const reconcile = async (key: string) => {
    const schema = schemas.lister.get(undefined, key);
    if (schema === undefined) return;
    const level = schema.spec?.priorityLevelConfiguration.name ?? '';
    const wanted = dangling(level, levels.lister.get(undefined, level) === undefined);
    const found = schema.status?.conditions?.find(({ type }) => type === wanted.type);
    if (found?.status === wanted.status && found.reason === wanted.reason && found.message === wanted.message) return;
    const conditions = [{ ...wanted, lastTransitionTime: formatTime(clock.now()) }];
    const body = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema', metadata: { name: key }, status: { conditions } };
    await client.resource(flowSchemas).patch(key, undefined, { type: 'apply', body, fieldManager, force: true }, 'status');
  };

  return {
    name,
    async run(signal) {
      await Promise.all([schemas.synced(), levels.synced()]);
      await runController({ name, queue, workers: 1, reconcile, signal, log });
    },
  };
}

function dangling(level: string, isMissing: boolean) {
  const object = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return isMissing
    ? { type: 'Dangling', status: 'True', reason: 'NotFound', message: `${object} but there is no such object` }
    : { type: 'Dangling', status: 'False', reason: 'Found', message: `${object} and it exists` };
}
