// Who may import whom: the arrows of the architecture, downward only.
const rooms = (...names) => `^runtime/(${names.join('|')})(/|\\.ts$)`;
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-circles', 'Two modules that need each other are one, or lack a third.', {}, { circular: true }),
    forbid('vscode-only-in-client', "Only client/ may import 'vscode'.", { pathNot: '^(client|test/editor)/' }, { path: '^vscode$' }),
    forbid(
      'api-stands-alone',
      'runtime/api knows only time and chance.',
      { path: rooms('api'), pathNot: 'api/kinds/generate/' },
      { path: '^(runtime|server|client|media)/', pathNot: '^runtime/(api|simulation)/' },
    ),
    forbid(
      'store-stands-alone',
      'runtime/store knows nothing of Kubernetes.',
      { path: rooms('store') },
      { path: '^(runtime|server|client|media)/', pathNot: '^runtime/(store|simulation)/' },
    ),
    forbid(
      'apiserver-downward',
      'The API server stands on store and api.',
      { path: rooms('apiserver') },
      { path: '^(runtime|server|client|media)/', pathNot: '^runtime/(apiserver|store|api|simulation|client/(client|log)\\.ts)' },
    ),
    forbid(
      'client-downward',
      'The client stands on api.',
      { path: rooms('client') },
      { path: '^(runtime|server|client|media)/', pathNot: '^runtime/(client|api|simulation)/' },
    ),
    forbid(
      'components-use-the-api',
      'Controllers, scheduler and kubelet see the cluster through the client alone.',
      { path: rooms('controllers', 'scheduler', 'kubelet', 'bootstrap') },
      { path: rooms('apiserver', 'store', 'host') },
    ),
    forbid(
      'components-do-not-know-each-other',
      'Controllers, scheduler and kubelet meet in the API.',
      { path: '^runtime/(controllers|scheduler|kubelet)/' },
      { path: '^runtime/(controllers|scheduler|kubelet)/', pathNot: '^runtime/$1/' },
    ),
    forbid(
      'cri-cni-csi',
      'Containers, network and volumes are known to the kubelet alone.',
      { pathNot: '^(runtime/(kubelet|containers|network|volumes|simulation|cluster\\.ts|host)|test/)' },
      { path: rooms('containers', 'network', 'volumes') },
    ),
    forbid(
      'host-from-above',
      'Only entry points know where they run.',
      { path: '^runtime/', pathNot: '^runtime/(host/|cli\\.ts)' },
      { path: rooms('host') },
    ),
    forbid(
      'language-server-knows-kinds-only',
      'The language server uses runtime/api and nothing else of the cluster.',
      { path: '^server/' },
      { path: '^(runtime|client|media)/', pathNot: '^runtime/api/' },
    ),
    forbid(
      'extension-talks-http-and-lsp',
      'The extension reaches server and cluster over LSP and HTTP; it shares only runtime/api and the client interface.',
      { path: '^client/' },
      { path: '^(runtime|server)/', pathNot: '^runtime/(api|client)/' },
    ),
    forbid(
      'webview-is-apart',
      'Webview code shares words and shapes with its host, nothing that acts.',
      { path: '^media/' },
      { path: '^(runtime|server|client)/', pathNot: '^client/(dashboard/(model|messages)\\.ts$|cluster/state/)' },
    ),
    forbid(
      'toolkit-behind-one-module',
      'The archived toolkit can be replaced in one place.',
      { pathNot: '^media/dashboard/controls\\.ts$' },
      { path: '@vscode/webview-ui-toolkit' },
    ),
    forbid(
      'client-node-only-where-it-belongs',
      'The client library serves real clusters and tests.',
      { path: '^(runtime|server|media)/' },
      { path: '@kubernetes/client-node' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/output)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
