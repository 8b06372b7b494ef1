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

/** How long one thing is tried again, in milliseconds. A machine busy with other things makes everything slow, not wrong. */
const patience = 90_000;

/** How long one step of a try may take before it starts over, in milliseconds. */
const step = { timeout: 4000 };

/** VS Code as a person at the keyboard drives it. Early key presses get lost while the workbench restores, so what matters is tried again. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** `language`: that of the extension; the workbench itself would need a language pack and stays English. */
  static async open(browser: Browser, url: string, language = 'en'): Promise<Workbench> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: language });
    await context.addCookies([{ name: 'vscode.nls.locale', value: language, url }]);
    await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    await page.goto(url);
    await page.locator('.monaco-workbench .activitybar').waitFor();
    return new Workbench(page);
  }

  /** Runs a command by its title in the palette. */
  command(title: string): Promise<void> {
    return this.#pick('F1', `>${title}`, title);
  }

  /** Opens a file of the workspace by its name, or by its path where there are several of that name. */
  openFile(path: string): Promise<void> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return this.insist(async () => {
      await this.#pickOnce('Control+P', path, name);
      await this.tab(name).waitFor(step);
    });
  }

  /** The tab in front, when it is the file's. */
  tab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab.active[data-resource-name="${name}"]`).first();
  }

  /** Puts the cursor behind a line's text, given as `line` or `line:column`, and the keyboard into the editor. */
  goTo(position: string): Promise<void> {
    const input = this.#quickInput;
    return this.insist(async () => {
      await this.page.keyboard.press('Control+G');
      await input.waitFor({ ...step, state: 'visible' });
      await input.fill(`:${position}`, step);
      await input.press('Enter', step);
      await input.waitFor({ ...step, state: 'hidden' });
    });
  }

  /** The list of suggestions. */
  get suggestions(): Locator {
    return this.page.locator('.suggest-widget.visible .monaco-list-row');
  }

  /** Asks for suggestions at the cursor until one with the text is among those in view; gives what they say, from the top. */
  async complete(wanted: string): Promise<readonly string[]> {
    let shown: readonly string[] = [];
    await this.insist(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+Space');
      await this.suggestions.filter({ hasText: wanted }).first().waitFor(step);
      shown = await this.suggestions.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
    });
    return shown;
  }

  /** Takes the suggestion whose label is the text. */
  async accept(label: string): Promise<void> {
    const row = this.suggestions.filter({ has: this.page.locator('.label-name', { hasText: new RegExp(`^${label}$`) }) }).first();
    await this.insist(async () => {
      await row.click(step);
      await this.page.locator('.suggest-widget.visible').waitFor({ ...step, state: 'hidden' });
    });
  }

  /** Shows the hover card at a place until it says something that fits; gives all that it says. */
  async hover(position: string, wanted: RegExp): Promise<string> {
    const card = this.page.locator('.monaco-hover:not(.hidden) .monaco-hover-content', { hasText: wanted }).last();
    await this.goTo(position);
    let text = '';
    await this.insist(async () => {
      await this.page.keyboard.press('Control+K');
      await this.page.keyboard.press('Control+I');
      await card.waitFor(step);
      text = await card.innerText(step);
    });
    return text;
  }

  /** Opens the light bulb's menu at the cursor, until it has an entry. */
  async openFixes(title: string): Promise<void> {
    await this.insist(async () => {
      await this.page.keyboard.press('Control+.');
      await this.#fix(title).waitFor(step);
    });
  }

  /** Picks an entry of the light bulb's menu at the cursor. What it does can be done once only, so the click is not tried again. */
  async fix(title: string): Promise<void> {
    await this.openFixes(title);
    await this.#fix(title).click();
  }

  /** Gives what the cursor stands on another name. */
  rename(name: string): Promise<void> {
    const box = this.page.locator('.rename-box input.rename-input');
    return this.insist(async () => {
      await this.page.keyboard.press('F2');
      await box.fill(name, step);
      await box.press('Enter', step);
      await box.waitFor({ ...step, state: 'hidden' });
    });
  }

  /** What the editor in front shows of its text; lines out of view are not among it. */
  async text(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .editor-instance .view-lines .view-line');
    const drawn = await lines.evaluateAll((all) =>
      all.map((line) => ({ top: Number.parseFloat((line as HTMLElement).style.top), text: line.textContent ?? '' })),
    );
    return drawn
      .sort((one, other) => one.top - other.top)
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  /** A question that stands before everything else. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Answers the question. */
  answer(button: string): Promise<void> {
    return this.insist(async () => {
      await this.dialog.locator('.monaco-button', { hasText: button }).first().click(step);
      await this.dialog.waitFor({ ...step, state: 'hidden' });
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

  /** Picks an entry of a tree row's own menu. */
  menu(row: string | RegExp, entry: string): Promise<void> {
    return this.insist(async () => {
      await this.treeRow(row)
        .first()
        .click({ ...step, button: 'right' });
      // The entry starts to work a moment after the menu shows, so that no click meant for something else hits it.
      const item = this.page.locator('.monaco-menu .action-label', { hasText: entry }).first();
      await item.waitFor(step);
      await item.hover(step);
      await item.click({ ...step, delay: 100 });
      await item.waitFor({ ...step, state: 'hidden' });
    });
  }

  /** Goes through an attempt again from the start, until it has worked once. */
  async insist(attempt: () => Promise<void>): Promise<void> {
    for (const end = Date.now() + patience; ; ) {
      try {
        await attempt();
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  #fix(title: string): Locator {
    return this.page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first();
  }

  get #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  #pick(key: string, text: string, row: string): Promise<void> {
    return this.insist(() => this.#pickOnce(key, text, row));
  }

  async #pickOnce(key: string, text: string, row: string): Promise<void> {
    const input = this.#quickInput;
    await this.page.keyboard.press(key);
    await input.waitFor({ ...step, state: 'visible' });
    await input.fill(text, step);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: row }).first().click(step);
  }
}
