import { Environment, Optional } from '@marcbachmann/cel-js';
import { registerFormats } from './libraries/formats.ts';
import { registerFormatting } from './libraries/formatting.ts';
import { registerLists } from './libraries/lists.ts';
import { registerMacros } from './libraries/macros.ts';
import { registerNetworks } from './libraries/networks.ts';
import { registerOptionals } from './libraries/optionals.ts';
import { registerQuantities } from './libraries/quantities.ts';
import { registerSemver } from './libraries/semver.ts';
import { registerStrings } from './libraries/strings.ts';
import { registerTimes } from './libraries/times.ts';
import { registerUrls } from './libraries/urls.ts';

let base: Environment | undefined;

/**
 * A new environment with the libraries that Kubernetes adds to CEL: lists, sets, regular expressions, texts, URLs, quantities, addresses, formats and
 * versions. What is missing does not compile.
 */
export function createCelEnvironment(): Environment {
  base ??= makeBase();
  return base.clone();
}

function makeBase(): Environment {
  const environment = new Environment({
    enableOptionalTypes: true,
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 20_000, maxDepth: 250, maxListElements: 1000, maxMapEntries: 1000, maxCallArguments: 32 },
  });
  for (const register of [
    registerLists,
    registerMacros,
    registerStrings,
    registerFormatting,
    registerOptionals,
    registerUrls,
    registerQuantities,
    registerNetworks,
    registerFormats,
    registerSemver,
    registerTimes,
  ]) {
    register(environment);
  }
  // Null can be compared with whatever is no scalar, as cel-go has it, and is equal to none of it.
  for (const type of ['optional<list<string>>', 'optional<string>', 'google.protobuf.Timestamp', 'google.protobuf.Duration']) {
    environment.registerOperator(`${type} == null`, (value: unknown) => value instanceof Optional && !value.hasValue());
  }
  return environment;
}
