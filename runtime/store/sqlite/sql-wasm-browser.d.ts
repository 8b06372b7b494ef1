/** The types of sql.js name its other builds, but not this one. */
declare module 'sql.js/dist/sql-wasm-browser.js' {
  export { default } from 'sql.js';
}
