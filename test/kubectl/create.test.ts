import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl create, run, expose, set');

script(
  'create',
  shared,
  [
    {
      run: 'create clusterrole cr-{v} --verb=get,list --resource=pods,deployments.apps/scale',
      says: 'clusterrole.rbac.authorization.k8s.io/cr-{v} created',
    },
    { run: 'create clusterrole logs-{v} --verb=get --non-resource-url=/logs/*', says: 'created' },
    { run: 'create clusterrole sum-{v} --aggregation-rule=sum-{v}=yes', says: 'created' },
    {
      run: 'get clusterrole cr-{v} -o jsonpath={.rules}',
      says: '[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]},{"apiGroups":["apps"],"resources":["deployments/scale"],"verbs":["get","list"]}]',
    },
    { run: 'create clusterrolebinding crb-{v} --clusterrole=cr-{v} --user=u --group=g --serviceaccount={ns}:default', says: 'created' },
    { run: 'create configmap cm --from-literal=a=b --from-file={dir}/word.txt', says: 'configmap/cm created' },
    { run: 'get configmap cm -o jsonpath={.data}', says: '{"a":"b","word.txt":"hello"}' },
    { run: 'create configmap cm --from-literal=a=b', fails: 'error: failed to create configmap: configmaps "cm" already exists' },
    { run: "create cronjob cj --image=busybox '--schedule=*/5 * * * *' -- date", says: 'cronjob.batch/cj created' },
    { run: "create cronjob bad --image=busybox '--schedule=61 * * * *' -- date", fails: 'spec.schedule: Invalid value: "61 * * * *"' },
    { run: 'create deployment dep --image=nginx --replicas=2 --port=80', says: 'deployment.apps/dep created' },
    {
      run: 'create ingress ing --rule=foo.com/bar*=svc1:8080,tls=my-cert --class=x --default-backend=def:80 --annotation=a=b',
      says: 'created',
    },
    {
      run: 'get ingress ing -o jsonpath={.spec.rules[0].http.paths[0]}',
      says: '{"backend":{"service":{"name":"svc1","port":{"number":8080}}},"path":"/bar","pathType":"Prefix"}',
    },
    { run: 'create job j --image=busybox -- date', says: 'job.batch/j created' },
    { run: 'create job again --from=cronjob/cj', says: 'job.batch/again created' },
    { run: 'get job again -o jsonpath={.metadata.annotations}', says: '"cronjob.kubernetes.io/instantiate":"manual"' },
    { run: 'create namespace {ns}-other', says: 'namespace/{ns}-other created' },
    { run: 'create poddisruptionbudget pdb --selector=app=dep --min-available=50%', says: 'poddisruptionbudget.policy/pdb created' },
    { run: 'create priorityclass pc-{v} --value=1000 --description=high --preemption-policy=Never', says: 'created' },
    { run: 'create quota q --hard=cpu=10,pods=50 --scopes=Terminating', says: 'resourcequota/q created' },
    { run: 'create quota bad --hard=nonsense=1', fails: 'nonsense' },
    { run: 'create role r --verb=get --resource=pods --resource-name=x', says: 'role.rbac.authorization.k8s.io/r created' },
    { run: 'create rolebinding rb --role=r --user=u', says: 'rolebinding.rbac.authorization.k8s.io/rb created' },
    { run: 'create secret generic s --from-literal=a=b', says: 'secret/s created' },
    { run: 'get secret s -o jsonpath={.type}:{.data.a}', says: 'Opaque:Yg==' },
    { run: 'create secret docker-registry sd --docker-username=u --docker-password=p --docker-email=e@x', says: 'secret/sd created' },
    { run: 'get secret sd -o jsonpath={.type}', says: 'kubernetes.io/dockerconfigjson' },
    { run: 'create service clusterip sc --tcp=80:8080', says: 'service/sc created' },
    { run: 'create service clusterip headless --clusterip=None', says: 'created' },
    { run: 'create service nodeport sn --tcp=80', says: 'service/sn created' },
    { run: 'create service loadbalancer sl --tcp=80', says: 'service/sl created' },
    { run: 'create service externalname se --external-name=x.com', says: 'service/se created' },
    {
      run: 'get services --no-headers -o custom-columns=N:.metadata.name,T:.spec.type,I:.spec.clusterIP',
      says: /headless +ClusterIP +None\nsc +ClusterIP +10\.96[\s\S]*se +ExternalName +<none>\nsl +LoadBalancer[\s\S]*sn +NodePort/,
    },
    { run: 'create serviceaccount sa', says: 'serviceaccount/sa created' },
    { run: 'create token sa --duration=1h --audience=x', says: /^ey[\w-]+\.ey[\w-]+\.[\w-]+$/ },
    { run: 'create token sa --bound-object-kind=Pod --bound-object-name=none', fails: 'pods "none" not found' },
    { run: 'create token nobody', fails: 'serviceaccounts "nobody" not found' },
    { run: 'create -f {dir}/word.txt', fails: 'error' },
    { run: 'create configmap dry --from-literal=a=b --dry-run=server -o name', says: 'configmap/dry' },
    { run: 'get configmap dry', fails: 'configmaps "dry" not found' },
  ],
  { 'word.txt': 'hello' },
);

script('certificates in secrets', shared, [
  {
    run: 'config view --raw -o jsonpath={.users[0].user.client-certificate-data}',
    also: ({ stdout }, { folder }) => write(folder, 'tls.crt', stdout),
  },
  {
    run: 'config view --raw -o jsonpath={.users[0].user.client-key-data}',
    also: ({ stdout }, { folder }) => write(folder, 'tls.key', stdout),
  },
  { run: 'create secret tls st --cert={dir}/tls.crt --key={dir}/tls.key', says: 'secret/st created' },
  { run: 'get secret st -o jsonpath={.type}', says: 'kubernetes.io/tls' },
  { run: 'create secret tls bad --cert={dir}/tls.key --key={dir}/tls.key', fails: 'error' },
]);

script('run, expose and autoscale', shared, [
  { run: 'run p --image=nginx --env=A=b --labels=x=y --port=80 --expose', says: /service\/p created[\s\S]*pod\/p created/ },
  { run: 'run dry --image=nginx --dry-run=server -o jsonpath={.spec.containers[0].imagePullPolicy}', says: 'Always' },
  { run: 'run att --image=busybox --rm -i --restart=Never -- date', says: /pod "att" deleted/ },
  { run: 'run Bad_Name --image=nginx', fails: 'a lowercase RFC 1123 subdomain' },
  { run: 'expose pod p --name=p2 --port=80 --target-port=8080', says: 'service/p2 exposed' },
  { run: 'create deployment dep --image=nginx', says: 'created' },
  { run: 'expose deployment dep --port=80 --type=NodePort', says: 'service/dep exposed' },
  { run: 'expose service dep --name=dep2 --port=81', says: 'service/dep2 exposed' },
  { run: 'get service dep -o jsonpath={.spec.selector.app}:{.spec.ports[0].targetPort}', says: 'dep:80' },
  { run: 'autoscale deployment dep --min=1 --max=3 --cpu-percent=50', says: 'horizontalpodautoscaler.autoscaling/dep autoscaled' },
  { run: 'get hpa dep -o jsonpath={.spec.minReplicas}-{.spec.maxReplicas}', says: '1-3' },
  { run: 'autoscale deployment dep --min=3 --max=1', fails: /max=MAXPODS must be larger or equal to --min=MINPODS/ },
]);

script('set', shared, [
  { run: 'create deployment dep --image=nginx', says: 'created' },
  { run: 'create configmap cm --from-literal=word=hello', says: 'created' },
  { run: 'create service clusterip sc --tcp=80', says: 'created' },
  { run: 'create serviceaccount sa', says: 'created' },
  { run: 'create role r --verb=get --resource=pods', says: 'created' },
  { run: 'create rolebinding rb --role=r --user=u', says: 'created' },
  { run: 'set image deployment/dep nginx=nginx:1.25', says: 'deployment.apps/dep image updated' },
  { run: 'set image deployment/dep none=nginx:1.25', fails: 'unable to find container named "none"' },
  { run: 'set env deployment/dep A=b', says: 'deployment.apps/dep env updated' },
  { run: 'set env deployment/dep --from=configmap/cm', says: 'deployment.apps/dep env updated' },
  { run: 'set env deployment/dep --list --resolve', says: /A=b\nWORD=hello/ },
  { run: 'set env deployment/dep A-', says: 'env updated' },
  { run: 'set env deployment/dep --list', hides: 'A=b' },
  { run: 'set resources deployment dep --limits=cpu=200m,memory=512Mi', says: 'resource requirements updated' },
  { run: 'set resources deployment dep --limits=cpu=x', fails: 'quantities must match' },
  { run: 'set selector service sc x=z', says: 'service/sc selector updated' },
  { run: 'set serviceaccount deployment dep sa', says: 'deployment.apps/dep serviceaccount updated' },
  {
    run: 'set subject rolebinding rb --user=v --serviceaccount={ns}:sa',
    says: 'rolebinding.rbac.authorization.k8s.io/rb subjects updated',
  },
  {
    run: 'get deployment dep -o jsonpath={.spec.template.spec.serviceAccountName}:{.spec.template.spec.containers[0].image}:{.spec.template.spec.containers[0].resources.limits}',
    says: 'sa:nginx:1.25:{"cpu":"200m","memory":"512Mi"}',
  },
  { run: 'get rolebinding rb -o jsonpath={.subjects[*].name}', says: 'u v sa' },
]);

function write(folder: string, name: string, base64: string): void {
  writeFileSync(join(folder, name), Buffer.from(base64, 'base64'));
}
