import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { loadDefinitions, loadDescriptions } from './schemas/generated.ts';
import { startServer } from './server.ts';

/** The language server as a web worker. It reads no files: definitions are found in the documents that are open. */

// The page's own library declares `self` as a window; in a worker it is the worker's scope, which the reader takes.
const scope = self as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];

startServer(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)), {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  now: () => Date.now(),
  definitions: loadDefinitions,
  descriptions: loadDescriptions,
});
