#!/usr/bin/env node
import { CommandError, parseCommand, usage } from './host/node/cli/arguments.ts';
import { reset } from './host/node/cli/reset.ts';
import { start, up } from './host/node/cli/up.ts';
import { version } from './host/node/cli/version.ts';

async function main(): Promise<void> {
  const command = parseCommand(process.argv.slice(2));
  switch (command.name) {
    case 'up':
      return up(command);
    case 'start':
      return start(command);
    case 'reset':
      return reset(command);
    case 'version':
      process.stdout.write(`kubeside ${version}\n`);
      return;
    case 'help':
      process.stdout.write(usage);
  }
}

try {
  await main();
} catch (error) {
  // What a person can do something about is one line; anything else is a mistake of ours and shows where.
  process.stderr.write(
    `kubeside: ${error instanceof CommandError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}
