// What the build puts before the scripts.

/** wasm-bindgen's script, made anew for each instance. */
declare function newGlue(): any;
/** The cards' styles. */
declare const STYLE: string;
/** A hash of everything the page is made of. */
declare const VERSION: string;
/** The hash of each file. */
declare const HASHES: Record<string, string>;
