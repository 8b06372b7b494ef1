/** `npm run bench [NAME…]`: prints one JSON line for each figure. */
import { benchApi } from './api/index.ts';
import { benchLanguage } from './language/index.ts';
import { benchRollout } from './rollout.ts';
import { benchSimulation } from './simulation.ts';
import { benchStart } from './start.ts';
import { benchStore } from './store.ts';
import { benchWebernetes } from './webernetes.ts';

const benches: Readonly<Record<string, () => Promise<void>>> = {
  start: benchStart,
  api: benchApi,
  rollout: benchRollout,
  webernetes: benchWebernetes,
  simulation: benchSimulation,
  store: benchStore,
  language: benchLanguage,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in benches)) {
    console.error(`there is no bench ${name}; there are ${Object.keys(benches).join(', ')}`);
    process.exit(1);
  }
}
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
