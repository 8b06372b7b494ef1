import { existsSync } from 'node:fs';
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';

const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser the machine has; undefined when it has none. */
export const browserPath = (): string | undefined => process.env.KUBESIDE_CHROMIUM ?? browsers.find((path) => existsSync(path));

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

const patience = 60_000;

/** VS Code as a person at the keyboard drives it. Early key presses get lost while the workbench restores, so what matters is tried again. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser, url: string, size = { width: 1440, height: 900 }): Promise<Workbench> {
    const page = await browser.newPage({ viewport: size });
    page.setDefaultTimeout(patience);
    await page.goto(url);
    await page.locator('.monaco-workbench .activitybar').waitFor();
    return new Workbench(page);
  }

  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void> {
    return this.#pick('F1', `>${title}`, title);
  }

  /** Opens a file of the workspace by its name. */
  async openFile(name: string): Promise<void> {
    await this.#pick('Control+P', name, name);
    await this.page.locator(`.tabs-container .tab[data-resource-name="${name}"]`).first().waitFor();
  }

  /** Puts the cursor behind a line's text, given as `line` or `line:column`. */
  goTo(position: string): Promise<void> {
    return this.#insist(async (input) => {
      await this.page.keyboard.press('Control+G');
      await input.waitFor({ state: 'visible', timeout: 2000 });
      await input.fill(`:${position}`, { timeout: 2000 });
      await input.press('Enter', { timeout: 2000 });
      await input.waitFor({ state: 'hidden', timeout: 2000 });
    });
  }

  /** The content of a webview: the shell's frame holds the extension's own. */
  webview(nth = 0): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').nth(nth).frameLocator('iframe#active-frame');
  }

  /** Rows of the trees in the side bar. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: text });
  }

  #pick(key: string, text: string, row: string): Promise<void> {
    const entry = this.page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first();
    return this.#insist(async (input) => {
      await this.page.keyboard.press(key);
      await input.waitFor({ state: 'visible', timeout: 2000 });
      await input.fill(text, { timeout: 2000 });
      await entry.waitFor({ state: 'visible', timeout: 3000 });
      await entry.click({ timeout: 2000 });
    });
  }

  /** Goes through the quick input again from the start, until it has worked once. */
  async #insist(attempt: (input: Locator) => Promise<void>): Promise<void> {
    for (const end = Date.now() + patience; ; ) {
      try {
        await attempt(this.page.locator('.quick-input-widget input.input'));
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }
}
