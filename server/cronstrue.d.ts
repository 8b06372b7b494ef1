/** The words of a language, which the library takes by itself when they are loaded. */
declare module 'cronstrue/locales/zh_CN.js';
