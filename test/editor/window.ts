import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { temporaryFolder } from '../support/cluster-process.ts';
import { type CodeServer, codeServerIsThere, startCodeServer } from './code-server.ts';
import { browserPath, launchBrowser, Workbench } from './workbench.ts';

const browser = browserPath();

/** What has to be installed before the tests in an editor can run; undefined when all is there. */
export const missing =
  browser === undefined ? 'chromium' : codeServerIsThere() ? undefined : 'the editor host (bash test/editor/host/setup.sh)';
if (missing !== undefined) console.warn(`editor tests skipped: install ${missing}`);

const pictures = resolve('test/output/editor');

/** The themes that pictures are taken in, by the class that the workbench has in each. */
const themes = { vs: 'Default Light Modern', 'hc-black': 'Default High Contrast', 'vs-dark': 'Default Dark Modern' } as const;

type Folder = ReturnType<typeof temporaryFolder>;

/** A VS Code with the packaged extension, the browser it is shown in, and a folder that is gone afterwards. */
export class Window {
  readonly workbench: Workbench;
  readonly server: CodeServer;
  readonly folder: Folder;
  readonly #chromium: Browser;
  #settings: Readonly<Record<string, unknown>> = {};

  private constructor(workbench: Workbench, server: CodeServer, chromium: Browser, folder: Folder) {
    this.workbench = workbench;
    this.server = server;
    this.#chromium = chromium;
    this.folder = folder;
  }

  /** Opens a folder, filled before. */
  static async open(fill: (path: string) => void, settings: Readonly<Record<string, unknown>> = {}, language?: string): Promise<Window> {
    mkdirSync(pictures, { recursive: true });
    const folder = temporaryFolder();
    fill(folder.path);
    const server = await startCodeServer({ vsix: resolve('kubeside.vsix'), folder: folder.path, settings });
    try {
      const chromium = await launchBrowser(browser ?? '');
      return new Window(await Workbench.open(chromium, server.url, language), server, chromium, folder);
    } catch (error) {
      await server.stop();
      folder.remove();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#chromium.close();
    await this.server.stop();
    this.folder.remove();
  }

  /** Changes settings of the workspace, as a person does who edits the file. */
  set(settings: Readonly<Record<string, unknown>>): void {
    this.#settings = { ...this.#settings, ...settings };
    mkdirSync(join(this.folder.path, '.vscode'), { recursive: true });
    writeFileSync(join(this.folder.path, '.vscode/settings.json'), JSON.stringify(this.#settings, undefined, 2));
  }

  async shoot(name: string): Promise<void> {
    await this.workbench.page.screenshot({ path: join(pictures, `${name}.png`) });
  }

  /** Takes a picture in light, high contrast and dark, which stays. */
  async shootInThemes(name: string): Promise<void> {
    for (const [look, theme] of Object.entries(themes)) {
      this.set({ 'workbench.colorTheme': theme });
      await this.workbench.page.locator(`.monaco-workbench.${look}`).waitFor();
      await this.shoot(`${name}-${look}`);
    }
  }

  /** What the extension has written to its output. */
  log(): string {
    const logs = join(this.server.root, 'profile/logs');
    const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((file) => /kubeside\.kubeside\/.*\.log$/.test(file));
    return files.map((file) => readFileSync(join(logs, file), 'utf8')).join('\n');
  }
}
