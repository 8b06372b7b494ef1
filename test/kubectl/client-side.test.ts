import { script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl config, plugin, completion');

script('config', shared, [
  { run: 'config view', says: /certificate-authority-data: DATA\+OMITTED/ },
  { run: 'config current-context', says: 'kubeside' },
  { run: 'config get-contexts', says: /\* +kubeside +kubeside +kubeside +config-/ },
  { run: 'config get-clusters', says: 'kubeside' },
  { run: 'config get-users', says: 'kubeside' },
  { run: 'config set-context other --cluster=kubeside --user=kubeside --namespace=kube-system', says: 'Context "other" created.' },
  { run: 'config use-context other', says: 'Switched to context "other".' },
  { run: 'config view --minify -o jsonpath={..namespace}', says: 'kube-system' },
  { run: 'config rename-context other elsewhere', says: 'renamed' },
  { run: 'config use-context kubeside', says: 'Switched' },
  { run: 'config delete-context elsewhere', says: 'deleted context elsewhere' },
  { run: 'config set-credentials nobody --token=wrong', says: 'User "nobody" set.' },
  { run: 'get pods --user=nobody', fails: /Unauthorized|You must be logged in to the server/ },
  { run: 'config unset users.nobody', says: 'Property "users.nobody" unset.' },
  { run: 'config use-context none', fails: 'no context exists with the name: "none"' },
]);

script(
  'plugins and completion',
  shared,
  [
    { run: 'plugin list', env: { PATH: '{dir}/bin' }, says: 'kubectl-hello' },
    { run: 'hello', env: { PATH: '{dir}/bin' }, says: 'hello from a plugin' },
    { run: 'plugin list', env: { PATH: '{dir}/none' }, fails: 'unable to find any kubectl plugins in your PATH' },
    { run: 'completion bash', says: 'bash completion' },
    { run: 'completion zsh', says: '#compdef kubectl' },
    { run: "__complete get configmaps ''", says: 'kube-root-ca.crt', eventually: true },
    { run: '__complete get po', says: /^pod/ },
    { run: 'options', says: 'The following options can be passed to any command' },
    { run: 'version --client', says: 'Client Version' },
    { run: 'version -o yaml', says: /serverVersion:[\s\S]*gitVersion: v1\.36\./ },
    { run: 'help get', says: 'Display one or many resources' },
    { run: 'alpha', says: /alpha/i },
    { run: 'frobnicate', fails: 'unknown command "frobnicate"' },
  ],
  { 'bin/kubectl-hello': '#!/bin/sh\necho hello from a plugin\n' },
);
