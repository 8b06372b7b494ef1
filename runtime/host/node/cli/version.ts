import manifest from '../../../../package.json' with { type: 'json' };

/** Version of Kubeside itself; that of the API it serves is in `runtime/api`. */
export const { version } = manifest;
