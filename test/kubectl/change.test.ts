import { deployment } from './manifests.ts';
import { script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl patch, scale, label, delete, rollout');
const web = { 'web.yaml': deployment() };
const create = { run: 'apply -f {dir}/web.yaml', says: 'deployment.apps/web created' };
const ready = { run: 'rollout status deployment/web --timeout=60s', says: 'successfully rolled out' };
const jsonPatch = (op: string, value: number) => `'[{"op":"${op}","path":"/spec/replicas","value":${value}}]'`;

script(
  'patch and scale',
  shared,
  [
    create,
    { run: `patch deployment web -p '{"spec":{"replicas":2}}'`, says: 'deployment.apps/web patched' },
    { run: `patch deployment web -p '{"spec":{"replicas":2}}'`, says: 'deployment.apps/web patched (no change)', eventually: true },
    { run: `patch deployment web --type=json -p ${jsonPatch('replace', 3)}`, says: 'patched' },
    {
      run: `patch deployment web --type=json -p ${jsonPatch('test', 9)}`,
      fails: 'The request is invalid: the server rejected our request due to an error in our request',
    },
    { run: `patch deployment web --type=merge -p '{"metadata":{"labels":{"app":null}}}'`, says: 'patched' },
    { run: 'get deployment web -o jsonpath={.metadata.labels}:{.spec.replicas}', says: ':3' },
    { run: `patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":1}}'`, says: 'scale.autoscaling/web patched' },
    {
      run: `patch deployment web --subresource=status --type=merge -p '{"status":{"collisionCount":3}}'`,
      says: 'deployment.apps/web patched',
    },
    {
      run: `patch deployment web --subresource=nope --type=merge -p '{}'`,
      fails: /invalid subresource value|could not find the requested resource/,
    },
    { run: `patch deployment web -p '{"spec":{"replicsa":2}}'`, says: /unknown field "spec.replicsa"/ },
    { run: `patch deployment web -p '{"spec":{"selector":{"matchLabels":{"app":"x"}}}}'`, fails: 'field is immutable' },
    { run: `patch -f {dir}/web.yaml -p '{"spec":{"replicas":5}}' --local -o jsonpath={.spec.replicas}`, says: '5' },
    { run: `patch deployment web -p '{"spec":{"replicas":6}}' --dry-run=server -o jsonpath={.spec.replicas}`, says: '6' },
    { run: 'scale deployment web --replicas=2 --current-replicas=1', says: 'deployment.apps/web scaled' },
    { run: 'scale deployment web --replicas=2 --current-replicas=1', fails: 'Expected replicas to be 1, was 2' },
    { run: 'scale --replicas=1 deployment --all', says: 'deployment.apps/web scaled' },
    { run: 'scale -f {dir}/web.yaml --replicas=-1', fails: 'COUNT must be greater than or equal to 0' },
    { run: 'create job j --image=busybox', says: 'created' },
    { run: 'scale --replicas=1 job/j', fails: 'could not find the requested resource' },
  ],
  web,
);

script(
  'label and annotate',
  shared,
  [
    create,
    ready,
    { run: 'label deployment web a=b', says: 'deployment.apps/web labeled' },
    { run: 'label deployment web a=c', fails: "'a' already has a value (b), and --overwrite is false" },
    { run: 'label deployment web a=c --overwrite', says: 'labeled' },
    { run: 'label deployment web --list', says: 'a=c' },
    { run: 'label deployment web a-', says: 'deployment.apps/web unlabeled' },
    { run: 'label deployment web a-', says: 'label "a" not found.' },
    { run: "label deployment web 'a=not valid'", fails: 'invalid label value' },
    { run: 'label pods -l app=web tier=front', says: /pod\/web-.* labeled/ },
    { run: 'get pods -l tier=front -o name', says: 'pod/web-' },
    { run: 'label pods --all x=1 --resource-version=1', fails: '--resource-version may only be used with a single resource' },
    { run: 'label deployment web x=1 --resource-version=1', fails: 'the object has been modified' },
    { run: 'annotate deployment web a=b', says: 'deployment.apps/web annotate' },
    { run: 'annotate deployment web a=c', fails: '--overwrite is false' },
    { run: 'annotate deployment web --list', says: 'a=b' },
    { run: 'annotate deployment web a-', says: 'deployment.apps/web annotate' },
  ],
  web,
);

script(
  'rollout',
  shared,
  [
    create,
    ready,
    { run: 'set image deployment/web web=nginx:1.26', says: 'image updated' },
    { run: 'annotate deployment web kubernetes.io/change-cause=second', says: 'deployment.apps/web annotate' },
    ready,
    { run: 'rollout history deployment/web', says: /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +second/, eventually: true },
    { run: 'rollout history deployment/web --revision=1', says: /revision #1\nPod Template:[\s\S]*nginx:1.25/ },
    { run: 'rollout pause deployment/web', says: 'deployment.apps/web paused' },
    { run: 'rollout pause deployment/web', fails: 'is already paused' },
    { run: 'rollout undo deployment/web', fails: 'you cannot rollback a paused deployment' },
    { run: 'rollout restart deployment/web', fails: "can't restart paused deployment" },
    { run: 'rollout resume deployment/web', says: 'deployment.apps/web resumed' },
    { run: 'rollout resume deployment/web', fails: 'is not paused' },
    { run: 'rollout undo deployment/web --dry-run=server', says: 'rolled back (server dry run)' },
    { run: 'rollout undo deployment/web --to-revision=1', says: 'deployment.apps/web rolled back' },
    { run: 'rollout undo deployment/web --to-revision=9', fails: 'unable to find specified revision 9 in history' },
    { run: 'get deployment web -o jsonpath={.spec.template.spec.containers[0].image}', says: 'nginx:1.25' },
    { run: 'rollout restart deployment/web', says: 'deployment.apps/web restarted' },
    ready,
    { run: 'get pods -o jsonpath={.items[*].metadata.annotations}', says: 'kubectl.kubernetes.io/restartedAt', eventually: true },
    { run: 'rollout status deployment/none', fails: 'deployments.apps "none" not found' },
    { run: 'rollout status pod/none', fails: /not found|no status viewer/ },
  ],
  web,
);

script(
  'delete',
  shared,
  [
    create,
    ready,
    { run: 'delete deployment web --dry-run=server', says: 'deployment.apps "web" deleted' },
    { run: 'delete deployment web --cascade=orphan', says: 'deployment.apps "web" deleted' },
    { run: 'get replicasets,pods -o name', says: /replicaset.apps\/web-|pod\/web-/ },
    { run: 'delete replicasets --all --cascade=foreground', says: 'replicaset.apps "web-' },
    { run: 'get replicasets,pods', says: 'No resources found in {ns} namespace.', eventually: true },
    create,
    ready,
    { run: 'delete pods -l app=web --now', says: 'pod "web-' },
    {
      run: 'delete pods -l app=web --grace-period=0 --force',
      says: /force deleted[\s\S]*Immediate deletion does not wait/,
      eventually: true,
    },
    { run: 'delete pods -l app=web --grace-period=1 --wait=false', says: 'pod "web-', eventually: true },
    { run: 'delete deployment web none', fails: 'deployments.apps "none" not found' },
    { run: 'delete deployment web --ignore-not-found' },
    { run: 'run a --image=nginx', says: 'created' },
    { run: 'run b --image=nginx', says: 'created' },
    { run: 'delete pods --field-selector=metadata.name=a', says: 'pod "a" deleted' },
    { run: 'delete pods --all --force', says: 'pod "b" force deleted' },
    { run: 'delete pods --all', says: 'No resources found' },
    { run: 'create configmap c', says: 'created' },
    { run: 'delete configmap c --interactive', input: 'n\n', says: 'deletion is cancelled', since: '1.30' },
    { run: 'delete configmap c --interactive', input: 'y\n', says: 'configmap "c" deleted', since: '1.30' },
    { run: 'delete --raw /api/v1/namespaces/{ns}/configmaps/none', fails: 'configmaps "none" not found' },
    { run: 'delete pod', fails: 'resource(s) were provided, but no name was specified' },
    { run: 'delete namespace kube-system', fails: 'this namespace may not be deleted' },
    { run: 'delete namespace {ns} --timeout=60s', says: 'namespace "{ns}" deleted' },
    { run: 'get namespace {ns}', fails: 'namespaces "{ns}" not found' },
  ],
  web,
);
