/** The sorts of hints, and which are shown. */
export interface HintSettings {
  readonly defaults: boolean;
  readonly quantities: boolean;
  readonly schedules: boolean;
}

const usual: HintSettings = { defaults: false, quantities: true, schedules: true };

/** Reads `kubeside.inlayHints`, whatever is in it. */
export function hintSettingsOf(written: unknown): HintSettings {
  const given: Readonly<Record<string, unknown>> = typeof written === 'object' && written !== null ? { ...written } : {};
  const chosen = (sort: keyof HintSettings) => (typeof given[sort] === 'boolean' ? given[sort] : usual[sort]);
  return { defaults: chosen('defaults'), quantities: chosen('quantities'), schedules: chosen('schedules') };
}
