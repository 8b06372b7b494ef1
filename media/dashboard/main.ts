import './tokens.css';
import './controls.css';
import './bricks.css';
import './gauges.css';
import './card.css';
import './dashboard.css';
import './boards.css';
import './side.css';
import './empty.css';
import type { ClusterModel, ModelMessage, PageMessage } from '../../client/dashboard/model.ts';
import { Page } from './page.ts';
import { useTexts } from './texts.ts';
import { initialView, type ViewState } from './view-state.ts';

interface VsCodeApi {
  postMessage(message: PageMessage): void;
  getState(): { readonly view?: Partial<ViewState>; readonly model?: ClusterModel } | undefined;
  setState(state: { readonly view: ViewState; readonly model?: ClusterModel }): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

useTexts(document.getElementById('texts')?.textContent ?? '{}');
const vscode = acquireVsCodeApi();
const saved = vscode.getState();
let model = saved?.model;

const page = new Page({ ...initialView, ...saved?.view }, (message) => vscode.postMessage(message));
document.body.prepend(page.element);
// The last picture is there at once; what is true now follows within a moment.
if (model !== undefined) page.update(model);
page.onView = (view) => vscode.setState({ view, ...(model === undefined || model.pods.length > 2_000 ? {} : { model }) });

window.addEventListener('message', ({ data }: MessageEvent<ModelMessage>) => {
  if (data.type !== 'model') return;
  model = data.model;
  page.update(model);
});
vscode.postMessage({ type: 'ready' });
