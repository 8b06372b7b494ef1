import { answerInFile } from '../answer.ts';
import { hoverValue } from '../features/chart-values.ts';
import { liveStateAt, withLiveState } from '../features/live-state.ts';
import type { Served } from './served.ts';

export const hover: Served = {
  capabilities: () => ({ hoverProvider: true }),

  serve(session) {
    const { connection, environment, kinds, index, names } = session;
    connection.onHover(
      answerInFile(session, 'hover', null, async (file, { position }) => {
        const { hoverAt, hoverInPatch } = await session.late();
        const now = environment.now();
        const parts = { kinds, definitions: await session.definitions(), descriptions: await session.descriptions(), index, names, now };
        const inPatch = await hoverInPatch(file, position, session.patches, parts);
        const elsewhere = inPatch ?? (await hoverValue(file, position, session.readText));
        if (elsewhere) return elsewhere;
        return withLiveState(hoverAt(file, position, parts), await liveStateAt(file, position, session));
      }),
    );
  },
};
