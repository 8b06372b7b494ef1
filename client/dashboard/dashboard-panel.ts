import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Cluster } from '../cluster/cluster.ts';
import type { ClusterModel, ModelMessage, PageMessage } from './model.ts';
import { projectCluster } from './project.ts';

/** Milliseconds between two drawings of the page. */
const interval = 250;

export interface DashboardServices {
  readonly cluster: Cluster;
  readonly extensionUri: vscode.Uri;
  readonly handle: (message: Exclude<PageMessage, { type: 'ready' }>) => void;
}

/** The Cluster page: one tab, brought to the front when it is asked for again. */
export class DashboardPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  static readonly viewType = 'kubeside.cluster';
  readonly #services: DashboardServices;
  #panel: vscode.WebviewPanel | undefined;

  constructor(services: DashboardServices) {
    this.#services = services;
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  show(): void {
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      return;
    }
    const { viewType } = DashboardPanel;
    this.#attach(
      vscode.window.createWebviewPanel(viewType, vscode.l10n.t('Cluster'), vscode.ViewColumn.Active, { retainContextWhenHidden: true }),
    );
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#attach(panel);
  }

  #attach(panel: vscode.WebviewPanel): void {
    const { cluster, extensionUri, handle } = this.#services;
    const media = vscode.Uri.joinPath(extensionUri, 'dist', 'media');
    this.#panel = panel;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'icons', 'cluster-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'icons', 'cluster-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [media], enableCommandUris: false };
    panel.webview.html = page(panel.webview, media);

    let timer: ReturnType<typeof setTimeout> | undefined;
    let open = false;
    const post = () => {
      clearTimeout(timer);
      timer = undefined;
      const model: ClusterModel = projectCluster(cluster, Date.now());
      void panel.webview.postMessage({ type: 'model', model } satisfies ModelMessage);
    };
    const soon = () => {
      if (open && panel.visible) timer ??= setTimeout(post, interval);
    };
    const subscriptions = [
      cluster.objects.onChange(soon),
      cluster.onState(soon),
      panel.webview.onDidReceiveMessage((message: PageMessage) => {
        if (message.type !== 'ready') handle(message);
        else {
          open = true;
          post();
        }
      }),
      // What happened while it was hidden is there at once.
      panel.onDidChangeViewState(() => {
        if (open && panel.visible) post();
      }),
    ];
    panel.onDidDispose(() => {
      clearTimeout(timer);
      for (const subscription of subscriptions) typeof subscription === 'function' ? subscription() : subscription.dispose();
      if (this.#panel === panel) this.#panel = undefined;
    });
  }
}

function page(webview: vscode.Webview, media: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64');
  const uri = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, file)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri('codicon.css')}">
<link rel="stylesheet" href="${uri('dashboard.css')}">
<title>${vscode.l10n.t('Cluster')}</title>
</head>
<body>
<script type="application/json" id="texts">${JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll('<', '\\u003c')}</script>
<script nonce="${nonce}" src="${uri('dashboard.js')}"></script>
</body>
</html>`;
}
