/** `npm run bench [NAME[:PART]…]`: prints one JSON line for each figure. */
import { apiParts, benchApi } from './api/index.ts';
import { benchLanguage, languageParts } from './language/index.ts';
import { benchRollout } from './rollout.ts';
import { benchSimulation } from './simulation.ts';
import { benchStart } from './start.ts';
import { benchStore } from './store.ts';
import { benchWebernetes } from './webernetes.ts';

interface Bench {
  readonly parts?: readonly string[];
  /** Measures the named parts; undefined stands for all. */
  run(parts?: readonly string[]): Promise<void>;
}

const benches: Readonly<Record<string, Bench>> = {
  start: { run: benchStart },
  api: { parts: apiParts, run: benchApi },
  rollout: { run: benchRollout },
  webernetes: { run: benchWebernetes },
  simulation: { run: benchSimulation },
  store: { run: benchStore },
  language: { parts: languageParts, run: benchLanguage },
};

const asked = process.argv.slice(2).map((argument) => argument.split(':', 2));
for (const [name = '', part] of asked) {
  const parts = benches[name]?.parts ?? [];
  if (benches[name] && (part === undefined || parts.includes(part))) continue;
  const known = Object.entries(benches).flatMap(([bench, { parts = [] }]) => [bench, ...parts.map((each) => `${bench}:${each}`)]);
  console.error(`there is no bench ${part === undefined ? name : `${name}:${part}`}; there are ${known.join(', ')}`);
  process.exit(1);
}
for (const [name, { run }] of Object.entries(benches)) {
  const wanted = asked.filter(([bench]) => bench === name).map(([, part]) => part);
  if (asked.length > 0 && wanted.length === 0) continue;
  const parts = wanted.filter((part) => part !== undefined);
  await run(parts.length > 0 && parts.length === wanted.length ? parts : undefined);
}
