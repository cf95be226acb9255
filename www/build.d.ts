// What the build makes for the scripts that import it: there is no build.js but in what it puts together.

/** wasm-bindgen's script, made anew for each instance. */
export declare function newGlue(): any;
/** The cards' styles. */
export declare const STYLE: string;
/** A hash of everything the page is made of. */
export declare const VERSION: string;
/** The hash of each file. */
export declare const HASHES: Record<string, string>;
